import{d as Ae,B as Fe,a as Le,C as Me}from"./say-CUvLDLbc.js";import{P as je,h as K,l as z,k as E,o as le,w as xe,x as ke,z as Se,Q as he,v as D,q as C,R as Pe,u as ae,T as Ee,n as ye,i as j,B as pe,A as W}from"./connection-Cv107ozO.js";import{h as He,r as se,p as Re,m as Ve,d as Ue,f as We,k as qe}from"./index-BCPGlLKU.js";import{f as Ge,B as Xe,h as be,V as Qe,a as Ze,r as Je,p as Ne,P as Ye,c as eo}from"./create-B_kK3bSD.js";import{i as oo,d as no}from"./keys-DScg3fCV.js";import{o as re,a as ie,X as to,u as ro}from"./replaceable-C_NpINUx.js";import{$ as io,W as ao,y as ve,U as so,L as lo,d as T,e as q,h as ee,g as Y,a as f,o as d,b as g,r as O,f as P,F as L,i as G,p as J,t as F,v as we,x as co,j as uo,a3 as po,A as fo,l as ho,C as vo,_ as mo}from"./_plugin-vue_export-helper-DqtZfUaJ.js";import{I as yo,a as bo}from"./Icon-TbuwsXF1.js";import{r as wo,c as go}from"./cluster_command-U7126N2p.js";import{u as xo}from"./session-pFdYnguf.js";import{u as ko}from"./tasks-B2YnOJaV.js";import{c as So}from"./ProblemBox-C9z77wwb.js";function Po(e={},n){const r=ao({ctrl:!1,command:!1,win:!1,shift:!1,tab:!1}),{keydown:o,keyup:i}=e,t=l=>{switch(l.key){case"Control":r.ctrl=!0;break;case"Meta":r.command=!0,r.win=!0;break;case"Shift":r.shift=!0;break;case"Tab":r.tab=!0;break}o!==void 0&&Object.keys(o).forEach(x=>{if(x!==l.key)return;const h=o[x];if(typeof h=="function")h(l);else{const{stop:R=!1,prevent:k=!1}=h;R&&l.stopPropagation(),k&&l.preventDefault(),h.handler(l)}})},s=l=>{switch(l.key){case"Control":r.ctrl=!1;break;case"Meta":r.command=!1,r.win=!1;break;case"Shift":r.shift=!1;break;case"Tab":r.tab=!1;break}i!==void 0&&Object.keys(i).forEach(x=>{if(x!==l.key)return;const h=i[x];if(typeof h=="function")h(l);else{const{stop:R=!1,prevent:k=!1}=h;R&&l.stopPropagation(),k&&l.preventDefault(),h.handler(l)}})},c=()=>{(n===void 0||n.value)&&(re("keydown",document,t),re("keyup",document,s)),n!==void 0&&ve(n,l=>{l?(re("keydown",document,t),re("keyup",document,s)):(ie("keydown",document,t),ie("keyup",document,s))})};return He()?(so(c),lo(()=>{(n===void 0||n.value)&&(ie("keydown",document,t),ie("keyup",document,s))})):c(),io(r)}var Ro=T({name:"ChevronRight",render(){return(()=>{const e=je("6ab04425f4fcb756");return e[0]||(e[0]=q("svg",{viewBox:"0 0 16 16",fill:"none",xmlns:"http://www.w3.org/2000/svg"},[q("path",{d:"M5.64645 3.14645C5.45118 3.34171 5.45118 3.65829 5.64645 3.85355L9.79289 8L5.64645 12.1464C5.45118 12.3417 5.45118 12.6583 5.64645 12.8536C5.84171 13.0488 6.15829 13.0488 6.35355 12.8536L10.8536 8.35355C11.0488 8.15829 11.0488 7.84171 10.8536 7.64645L6.35355 3.14645C6.15829 2.95118 5.84171 2.95118 5.64645 3.14645Z",fill:"currentColor"})],-1))})()}});function No(e){return n=>{n?e.value=n.$el:e.value=null}}var Co=K("icon",`
 height: 1em;
 width: 1em;
 line-height: 1em;
 text-align: center;
 display: inline-block;
 position: relative;
 fill: currentColor;
`,[z("color-transition",{transition:"color .3s var(--n-bezier)"}),z("depth",{color:"var(--n-color)"},[E("svg",{opacity:"var(--n-opacity)",transition:"opacity .3s var(--n-bezier)"})]),E("svg",{height:"1em",width:"1em"})]);const _o={...le.props,depth:[String,Number],size:[Number,String],color:String,component:[Object,Function]},Io=T({_n_icon__:!0,name:"Icon",inheritAttrs:!1,props:_o,setup(e){const{mergedClsPrefixRef:n,inlineThemeDisabled:r}=ke(e),o=le("Icon","-icon",Co,oo,e,n),i=f(()=>{const{depth:s}=e,{common:{cubicBezierEaseInOut:c},self:l}=o.value;if(s!==void 0){const{color:x,[`opacity${s}Depth`]:h}=l;return{"--n-bezier":c,"--n-color":x,"--n-opacity":h}}return{"--n-bezier":c,"--n-color":"","--n-opacity":""}}),t=r?Se("icon",f(()=>`${e.depth||"d"}`),i,e):void 0;return{mergedClsPrefix:n,mergedStyle:f(()=>{const{size:s,color:c}=e;return{fontSize:Ge(s),color:c}}),cssVars:r?void 0:i,themeClass:t?.themeClass,onRender:t?.onRender}},render(){const{$parent:e,depth:n,mergedClsPrefix:r,component:o,onRender:i,themeClass:t}=this;return e?.$options?._n_icon__&&xe("icon","don't wrap `n-icon` inside `n-icon`"),i?.(),ee("i",Y(this.$attrs,{role:"img",class:[`${r}-icon`,t,{[`${r}-icon--depth`]:n,[`${r}-icon--color-transition`]:n!==void 0}],style:[this.cssVars,this.mergedStyle]}),o?ee(o):this.$slots.default?.())}}),me=he("n-dropdown-menu"),de=he("n-dropdown"),ge=he("n-dropdown-option");var Ce=T({name:"DropdownDivider",props:{clsPrefix:{type:String,required:!0}},render(){return d(),g("div",{class:D(`${this.clsPrefix}-dropdown-divider`)},null,2)}});function fe(e,n){return e.type==="submenu"||e.type===void 0&&e[n]!==void 0}function $o(e){return e.type==="group"}function _e(e){return e.type==="divider"}function Ko(e){return e.type==="render"}function zo(e,n,r){const o=O(e.value);let i=null;return ve(e,t=>{i!==null&&window.clearTimeout(i),t===!0?r&&!r.value?o.value=!0:i=window.setTimeout(()=>{o.value=!0},n):o.value=!1}),o}var Ie=T({name:"DropdownOption",props:{clsPrefix:{type:String,required:!0},tmNode:{type:Object,required:!0},parentKey:{type:[String,Number],default:null},placement:{type:String,default:"right-start"},props:Object,scrollable:Boolean},setup(e){const n=G(de),{hoverKeyRef:r,keyboardKeyRef:o,lastToggledSubmenuKeyRef:i,pendingKeyPathRef:t,activeKeyPathRef:s,animatedRef:c,mergedShowRef:l,renderLabelRef:x,renderIconRef:h,labelFieldRef:R,childrenFieldRef:k,renderOptionRef:M,nodePropsRef:B,menuPropsRef:_}=n,N=G(ge,null),I=G(me),A=G(Re),X=f(()=>e.tmNode.rawNode),H=f(()=>{const{value:a}=k;return fe(e.tmNode.rawNode,a)}),oe=f(()=>{const{disabled:a}=e.tmNode;return a}),p=f(()=>{if(!H.value)return!1;const{key:a,disabled:u}=e.tmNode;if(u)return!1;const{value:S}=r,{value:V}=o,{value:ue}=i,{value:U}=t;return S!==null?U.includes(a):V!==null?U.includes(a)&&U[U.length-1]!==a:ue!==null?U.includes(a):!1}),m=f(()=>o.value===null&&!c.value),$=zo(p,300,m),ce=f(()=>!!N?.enteringSubmenuRef.value),Q=O(!1);J(ge,{enteringSubmenuRef:Q});function Z(){Q.value=!0}function te(){Q.value=!1}function ne(){const{parentKey:a,tmNode:u}=e;u.disabled||l.value&&(i.value=a,o.value=null,r.value=u.key)}function v(){const{tmNode:a}=e;a.disabled||l.value&&r.value!==a.key&&ne()}function y(a){if(e.tmNode.disabled||!l.value)return;const{relatedTarget:u}=a;u&&!be({target:u},"dropdownOption")&&!be({target:u},"scrollbarRail")&&(r.value=null)}function w(){const{value:a}=H,{tmNode:u}=e;l.value&&!a&&!u.disabled&&(n.doSelect(u.key,u.rawNode),n.doUpdateShow(!1))}return{labelField:R,renderLabel:x,renderIcon:h,siblingHasIcon:I.showIconRef,siblingHasSubmenu:I.hasSubmenuRef,menuProps:_,popoverBody:A,animated:c,mergedShowSubmenu:f(()=>$.value&&!ce.value),rawNode:X,hasSubmenu:H,pending:ae(()=>{const{value:a}=t,{key:u}=e.tmNode;return a.includes(u)}),childActive:ae(()=>{const{value:a}=s,{key:u}=e.tmNode,S=a.findIndex(V=>u===V);return S===-1?!1:S<a.length-1}),active:ae(()=>{const{value:a}=s,{key:u}=e.tmNode,S=a.findIndex(V=>u===V);return S===-1?!1:S===a.length-1}),mergedDisabled:oe,renderOption:M,nodeProps:B,handleClick:w,handleMouseMove:v,handleMouseEnter:ne,handleMouseLeave:y,handleSubmenuBeforeEnter:Z,handleSubmenuAfterEnter:te}},render(){const{animated:e,rawNode:n,mergedShowSubmenu:r,clsPrefix:o,siblingHasIcon:i,siblingHasSubmenu:t,renderLabel:s,renderIcon:c,renderOption:l,nodeProps:x,props:h,scrollable:R}=this;let k=null;if(r){const N=this.menuProps?.(n,n.children);k=(I=>(d(),P($e,Y({key:1},N,{clsPrefix:o,scrollable:this.scrollable,tmNodes:this.tmNode.children,parentKey:this.tmNode.key}),null,16,["clsPrefix","scrollable","tmNodes","parentKey"])))()}const M={class:[`${o}-dropdown-option-body`,this.pending&&`${o}-dropdown-option-body--pending`,this.active&&`${o}-dropdown-option-body--active`,this.childActive&&`${o}-dropdown-option-body--child-active`,this.mergedDisabled&&`${o}-dropdown-option-body--disabled`],onMousemove:this.handleMouseMove,onMouseenter:this.handleMouseEnter,onMouseleave:this.handleMouseLeave,onClick:this.handleClick},B=x?.(n),_=(d(),g("div",Y({class:[`${o}-dropdown-option`,B?.class],"data-dropdown-option":!0},B),[C(()=>ee("div",Y(M,h),[(d(),g("div",{class:D([`${o}-dropdown-option-body__prefix`,i&&`${o}-dropdown-option-body__prefix--show-icon`])},[C(()=>[c?c(n):se(n.icon)])],2)),(d(),g("div",{"data-dropdown-option":!0,class:D(`${o}-dropdown-option-body__label`)},[s?(d(),g(L,{key:0},[C(()=>s(n))],64)):(d(),g(L,{key:1},[C(()=>se(n[this.labelField]??n.title))],64))],2)),(d(),g("div",{"data-dropdown-option":!0,class:D([`${o}-dropdown-option-body__suffix`,t&&`${o}-dropdown-option-body__suffix--has-submenu`])},[this.hasSubmenu?(d(),P(Io,{key:0},{_:1,default:Pe(()=>(d(),P(Ro)))})):C(()=>null)],2))])),this.hasSubmenu?(d(),P(Xe,{key:0},{default:()=>[(d(),P(Qe,null,{default:()=>(d(),g("div",{class:D(`${o}-dropdown-offset-container`)},[(d(),P(Ze,{show:this.mergedShowSubmenu,placement:this.placement,to:R&&this.popoverBody||void 0,teleportDisabled:!R},{default:()=>(d(),g("div",{class:D(`${o}-dropdown-menu-wrapper`)},[e?(d(),P(Ee,{key:0,onBeforeEnter:this.handleSubmenuBeforeEnter,onAfterEnter:this.handleSubmenuAfterEnter,name:"fade-in-scale-up-transition",appear:!0},{default:()=>k},1032,["onBeforeEnter","onAfterEnter"])):(d(),g(L,{key:1},[C(()=>k)],64))],2))},1032,["show","placement","to","teleportDisabled"]))],2))},1024))]},1024)):C(()=>null)],16));return l?l({node:_,option:n}):_}}),Do=T({name:"DropdownGroupHeader",props:{clsPrefix:{type:String,required:!0},tmNode:{type:Object,required:!0}},setup(){const{showIconRef:e,hasSubmenuRef:n}=G(me),{renderLabelRef:r,labelFieldRef:o,nodePropsRef:i,renderOptionRef:t}=G(de);return{labelField:o,showIcon:e,hasSubmenu:n,renderLabel:r,nodeProps:i,renderOption:t}},render(){const{clsPrefix:e,hasSubmenu:n,showIcon:r,nodeProps:o,renderLabel:i,renderOption:t}=this,{rawNode:s}=this.tmNode,c=(d(),g("div",Y({class:`${e}-dropdown-option`},o?.(s)),[q("div",{class:D(`${e}-dropdown-option-body ${e}-dropdown-option-body--group`)},[q("div",{"data-dropdown-option":!0,class:D([`${e}-dropdown-option-body__prefix`,r&&`${e}-dropdown-option-body__prefix--show-icon`])},[C(()=>se(s.icon))],2),q("div",{class:D(`${e}-dropdown-option-body__label`),"data-dropdown-option":!0},[i?(d(),g(L,{key:0},[C(()=>i(s))],64)):(d(),g(L,{key:1},[C(()=>se(s.title??s[this.labelField]))],64))],2),q("div",{class:D([`${e}-dropdown-option-body__suffix`,n&&`${e}-dropdown-option-body__suffix--has-submenu`]),"data-dropdown-option":!0},null,2)],2)],16));return t?t({node:c,option:s}):c}}),Oo=T({name:"NDropdownGroup",props:{clsPrefix:{type:String,required:!0},tmNode:{type:Object,required:!0},parentKey:{type:[String,Number],default:null}},render(){const{tmNode:e,parentKey:n,clsPrefix:r}=this,{children:o}=e;return d(),g(L,null,[(d(),P(Do,{clsPrefix:r,tmNode:e,key:e.key},null,8,["clsPrefix","tmNode"])),C(()=>o?.map(i=>{const{rawNode:t}=i;return t.show===!1?null:_e(t)?ee(Ce,{clsPrefix:r,key:i.key}):i.isGroup?(xe("dropdown","`group` node is not allowed to be put in `group` node."),null):(d(),P(Ie,{clsPrefix:r,tmNode:i,parentKey:n,key:i.key},null,8,["clsPrefix","tmNode","parentKey"]))}))],64)}}),To=T({name:"DropdownRenderOption",props:{tmNode:{type:Object,required:!0}},render(){const{rawNode:{render:e,props:n}}=this.tmNode;return ee("div",n,[e?.()])}}),$e=T({name:"DropdownMenu",props:{scrollable:Boolean,showArrow:Boolean,arrowStyle:[String,Object],clsPrefix:{type:String,required:!0},tmNodes:{type:Array,default:()=>[]},parentKey:{type:[String,Number],default:null}},setup(e){const{renderIconRef:n,childrenFieldRef:r}=G(de);J(me,{showIconRef:f(()=>{const i=n.value;return e.tmNodes.some(t=>{if(t.isGroup)return t.children?.some(({rawNode:c})=>i?i(c):c.icon);const{rawNode:s}=t;return i?i(s):s.icon})}),hasSubmenuRef:f(()=>{const{value:i}=r;return e.tmNodes.some(t=>{if(t.isGroup)return t.children?.some(({rawNode:c})=>fe(c,i));const{rawNode:s}=t;return fe(s,i)})})});const o=O(null);return J(Ve,null),J(Ue,null),J(Re,o),{bodyRef:o}},render(){const{parentKey:e,clsPrefix:n,scrollable:r}=this,o=this.tmNodes.map(i=>{const{rawNode:t}=i;return t.show===!1?null:Ko(t)?(d(),P(To,{tmNode:i,key:i.key},null,8,["tmNode"])):_e(t)?(d(),P(Ce,{clsPrefix:n,key:i.key},null,8,["clsPrefix"])):$o(t)?(d(),P(Oo,{clsPrefix:n,tmNode:i,parentKey:e,key:i.key},null,8,["clsPrefix","tmNode","parentKey"])):(d(),P(Ie,{clsPrefix:n,tmNode:i,parentKey:e,key:i.key,props:t.props,scrollable:r},null,8,["clsPrefix","tmNode","parentKey","props","scrollable"]))});return d(),g("div",{class:D([`${n}-dropdown-menu`,r&&`${n}-dropdown-menu--scrollable`]),ref:"bodyRef"},[r?(d(),P(to,{key:0,contentClass:`${n}-dropdown-menu__content`},{default:()=>o},1032,["contentClass"])):(d(),g(L,{key:1},[C(()=>o)],64)),this.showArrow?(d(),g(L,{key:2},[C(()=>Je({clsPrefix:n,arrowStyle:this.arrowStyle,arrowClass:void 0,arrowWrapperClass:void 0,arrowWrapperStyle:void 0}))],64)):C(()=>null)],2)}}),Bo=K("dropdown-menu",`
 transform-origin: var(--v-transform-origin);
 background-color: var(--n-color);
 border-radius: var(--n-border-radius);
 box-shadow: var(--n-box-shadow);
 position: relative;
 transition:
 background-color .3s var(--n-bezier),
 box-shadow .3s var(--n-bezier);
`,[We(),K("dropdown-option",`
 position: relative;
 `,[E("a",`
 text-decoration: none;
 color: inherit;
 outline: none;
 `,[E("&::before",`
 content: "";
 position: absolute;
 left: 0;
 right: 0;
 top: 0;
 bottom: 0;
 `)]),K("dropdown-option-body",`
 display: flex;
 cursor: pointer;
 position: relative;
 height: var(--n-option-height);
 line-height: var(--n-option-height);
 font-size: var(--n-font-size);
 color: var(--n-option-text-color);
 transition: color .3s var(--n-bezier);
 `,[E("&::before",`
 content: "";
 position: absolute;
 top: 0;
 bottom: 0;
 left: 4px;
 right: 4px;
 transition: background-color .3s var(--n-bezier);
 border-radius: var(--n-border-radius);
 `),ye("disabled",[z("pending",`
 color: var(--n-option-text-color-hover);
 `,[j("prefix, suffix",`
 color: var(--n-option-text-color-hover);
 `),E("&::before","background-color: var(--n-option-color-hover);")]),z("active",`
 color: var(--n-option-text-color-active);
 `,[j("prefix, suffix",`
 color: var(--n-option-text-color-active);
 `),E("&::before","background-color: var(--n-option-color-active);")]),z("child-active",`
 color: var(--n-option-text-color-child-active);
 `,[j("prefix, suffix",`
 color: var(--n-option-text-color-child-active);
 `)])]),z("disabled",`
 cursor: not-allowed;
 opacity: var(--n-option-opacity-disabled);
 `),z("group",`
 font-size: calc(var(--n-font-size) - 1px);
 color: var(--n-group-header-text-color);
 `,[j("prefix",`
 width: calc(var(--n-option-prefix-width) / 2);
 `,[z("show-icon",`
 width: calc(var(--n-option-icon-prefix-width) / 2);
 `)])]),j("prefix",`
 width: var(--n-option-prefix-width);
 display: flex;
 justify-content: center;
 align-items: center;
 color: var(--n-prefix-color);
 transition: color .3s var(--n-bezier);
 z-index: 1;
 `,[z("show-icon",`
 width: var(--n-option-icon-prefix-width);
 `),K("icon",`
 font-size: var(--n-option-icon-size);
 `)]),j("label",`
 white-space: nowrap;
 flex: 1;
 z-index: 1;
 `),j("suffix",`
 box-sizing: border-box;
 flex-grow: 0;
 flex-shrink: 0;
 display: flex;
 justify-content: flex-end;
 align-items: center;
 min-width: var(--n-option-suffix-width);
 padding: 0 8px;
 transition: color .3s var(--n-bezier);
 color: var(--n-suffix-color);
 z-index: 1;
 `,[z("has-submenu",`
 width: var(--n-option-icon-suffix-width);
 `),K("icon",`
 font-size: var(--n-option-icon-size);
 `)]),K("dropdown-menu","pointer-events: all;")]),K("dropdown-offset-container",`
 pointer-events: none;
 position: absolute;
 left: 0;
 right: 0;
 top: -4px;
 bottom: -4px;
 `)]),K("dropdown-divider",`
 transition: background-color .3s var(--n-bezier);
 background-color: var(--n-divider-color);
 height: 1px;
 margin: 4px 0;
 `),K("dropdown-menu-wrapper",`
 transform-origin: var(--v-transform-origin);
 width: fit-content;
 `),E(">",[K("scrollbar",`
 height: inherit;
 max-height: inherit;
 `)]),ye("scrollable",`
 padding: var(--n-padding);
 `),z("scrollable",[j("content",`
 padding: var(--n-padding);
 `)])]);const Ao={animated:{type:Boolean,default:!0},keyboard:{type:Boolean,default:!0},size:String,inverted:Boolean,placement:{type:String,default:"bottom"},onSelect:[Function,Array],options:{type:Array,default:()=>[]},menuProps:Function,showArrow:Boolean,renderLabel:Function,renderIcon:Function,renderOption:Function,nodeProps:Function,labelField:{type:String,default:"label"},keyField:{type:String,default:"key"},childrenField:{type:String,default:"children"},value:[String,Number]},Fo=Object.keys(Ne),Lo={...Ne,...Ao,...le.props};var Mo=T({name:"Dropdown",inheritAttrs:!1,props:Lo,setup(e){const n=O(!1),r=ro(F(e,"show"),n),o=f(()=>{const{keyField:v,childrenField:y}=e;return eo(e.options,{getKey(w){return w[v]},getDisabled(w){return w.disabled===!0},getIgnored(w){return w.type==="divider"||w.type==="render"},getChildren(w){return w[y]}})}),i=f(()=>o.value.treeNodes),t=O(null),s=O(null),c=O(null),l=f(()=>t.value??s.value??c.value??null),x=f(()=>o.value.getPath(l.value).keyPath),h=f(()=>o.value.getPath(e.value).keyPath),R=ae(()=>e.keyboard&&r.value);Po({keydown:{ArrowUp:{prevent:!0,handler:m},ArrowRight:{prevent:!0,handler:p},ArrowDown:{prevent:!0,handler:$},ArrowLeft:{prevent:!0,handler:oe},Enter:{prevent:!0,handler:ce},Escape:H}},R);const{mergedClsPrefixRef:k,inlineThemeDisabled:M,mergedComponentPropsRef:B}=ke(e),_=f(()=>e.size||B?.value?.Dropdown?.size||"medium"),N=le("Dropdown","-dropdown",Bo,no,e,k);J(de,{labelFieldRef:F(e,"labelField"),childrenFieldRef:F(e,"childrenField"),renderLabelRef:F(e,"renderLabel"),renderIconRef:F(e,"renderIcon"),hoverKeyRef:t,keyboardKeyRef:s,lastToggledSubmenuKeyRef:c,pendingKeyPathRef:x,activeKeyPathRef:h,animatedRef:F(e,"animated"),mergedShowRef:r,nodePropsRef:F(e,"nodeProps"),renderOptionRef:F(e,"renderOption"),menuPropsRef:F(e,"menuProps"),doSelect:I,doUpdateShow:A}),ve(r,v=>{!e.animated&&!v&&X()});function I(v,y){const{onSelect:w}=e;w&&pe(w,v,y)}function A(v){const{"onUpdate:show":y,onUpdateShow:w}=e;y&&pe(y,v),w&&pe(w,v),n.value=v}function X(){t.value=null,s.value=null,c.value=null}function H(){A(!1)}function oe(){Z("left")}function p(){Z("right")}function m(){Z("up")}function $(){Z("down")}function ce(){const v=Q();v?.isLeaf&&r.value&&(I(v.key,v.rawNode),A(!1))}function Q(){const{value:v}=o,{value:y}=l;return!v||y===null?null:v.getNode(y)??null}function Z(v){const{value:y}=l,{value:{getFirstAvailableNode:w}}=o;let a=null;if(y===null){const u=w();u!==null&&(a=u.key)}else{const u=Q();if(u){let S;switch(v){case"down":S=u.getNext();break;case"up":S=u.getPrev();break;case"right":S=u.getChild();break;case"left":S=u.getParent()}S&&(a=S.key)}}a!==null&&(t.value=null,s.value=a)}const te=f(()=>{const{inverted:v}=e,y=_.value,{common:{cubicBezierEaseInOut:w},self:a}=N.value,{padding:u,dividerColor:S,borderRadius:V,optionOpacityDisabled:ue,[W("optionIconSuffixWidth",y)]:U,[W("optionSuffixWidth",y)]:Ke,[W("optionIconPrefixWidth",y)]:ze,[W("optionPrefixWidth",y)]:De,[W("fontSize",y)]:Oe,[W("optionHeight",y)]:Te,[W("optionIconSize",y)]:Be}=a,b={"--n-bezier":w,"--n-font-size":Oe,"--n-padding":u,"--n-border-radius":V,"--n-option-height":Te,"--n-option-prefix-width":De,"--n-option-icon-prefix-width":ze,"--n-option-suffix-width":Ke,"--n-option-icon-suffix-width":U,"--n-option-icon-size":Be,"--n-divider-color":S,"--n-option-opacity-disabled":ue};return v?(b["--n-color"]=a.colorInverted,b["--n-option-color-hover"]=a.optionColorHoverInverted,b["--n-option-color-active"]=a.optionColorActiveInverted,b["--n-option-text-color"]=a.optionTextColorInverted,b["--n-option-text-color-hover"]=a.optionTextColorHoverInverted,b["--n-option-text-color-active"]=a.optionTextColorActiveInverted,b["--n-option-text-color-child-active"]=a.optionTextColorChildActiveInverted,b["--n-prefix-color"]=a.prefixColorInverted,b["--n-suffix-color"]=a.suffixColorInverted,b["--n-group-header-text-color"]=a.groupHeaderTextColorInverted):(b["--n-color"]=a.color,b["--n-option-color-hover"]=a.optionColorHover,b["--n-option-color-active"]=a.optionColorActive,b["--n-option-text-color"]=a.optionTextColor,b["--n-option-text-color-hover"]=a.optionTextColorHover,b["--n-option-text-color-active"]=a.optionTextColorActive,b["--n-option-text-color-child-active"]=a.optionTextColorChildActive,b["--n-prefix-color"]=a.prefixColor,b["--n-suffix-color"]=a.suffixColor,b["--n-group-header-text-color"]=a.groupHeaderTextColor),b}),ne=M?Se("dropdown",f(()=>`${_.value[0]}${e.inverted?"i":""}`),te,e):void 0;return{mergedClsPrefix:k,mergedTheme:N,mergedSize:_,tmNodes:i,mergedShow:r,handleAfterLeave:()=>{e.animated&&X()},doUpdateShow:A,cssVars:M?void 0:te,themeClass:ne?.themeClass,onRender:ne?.onRender}},render(){const e=(o,i,t,s,c)=>{const{mergedClsPrefix:l,menuProps:x}=this;this.onRender?.();const h=x?.(void 0,this.tmNodes.map(k=>k.rawNode))||{},R={ref:No(i),class:[o,`${l}-dropdown`,`${l}-dropdown--${this.mergedSize}-size`,this.themeClass],clsPrefix:l,tmNodes:this.tmNodes,style:[...t,this.cssVars],showArrow:this.showArrow,arrowStyle:this.arrowStyle,scrollable:this.scrollable,onMouseenter:s,onMouseleave:c};return ee($e,Y(this.$attrs,R,h))},{mergedTheme:n}=this,r={show:this.mergedShow,theme:n.peers.Popover,themeOverrides:n.peerOverrides.Popover,internalOnAfterLeave:this.handleAfterLeave,internalRenderBody:e,onUpdateShow:this.doUpdateShow,"onUpdate:show":void 0};return d(),P(Ye,qe(this.$props,Fo,r),{_:1,trigger:Pe(()=>this.$slots.default?.())},16)}});const jo=1e3,nn=Ae("last_list",()=>{const e=Fe("asynctask.last_list",[]);function n(o){e.value=o.slice(0,jo)}function r(o,i){const t=e.value.indexOf(o);return t<0?void 0:e.value[t+i]}return{note:n,beside:r}}),Eo=["aria-expanded","aria-label","title"],Ho=T({__name:"CopyMenu",props:{id:{},label:{},first:{default:()=>[]},last:{default:()=>[]}},emits:["choose"],setup(e,{expose:n,emit:r}){const o=e,i=r,t=Le(),s=bo(),c=xo(),l=ko(),x=["id","link","json","curl","cli"],h=f(()=>o.label??t.t("copy.label")),R=f(()=>x.map(p=>({key:p,label:o.label?t.t("copy.choice",{what:t.t(`copy.${p}`)}):t.t(`copy.${p}`)}))),k=p=>({type:"divider",key:p}),M=f(()=>[...o.first,...o.first.length?[k("after")]:[],...R.value,...o.last.length?[k("before")]:[],...o.last]),B=O(""),_=O({x:0,y:0}),N=O(!1),I=O("");async function A(p,m){const $=m.currentTarget.getBoundingClientRect();N.value=!1,await vo(),B.value=p,_.value={x:$.right,y:$.bottom},N.value=!0}n({open:A});function X(p){const m=B.value;return p==="link"?new URL(s.resolve({name:"task",params:{id:m}}).href,location.origin).href:p==="json"?l.read(m):p==="curl"?wo(Me(`/api/v1/tasks/${m}`),c.needsToken):p==="cli"?go(`./dev cli get ${m}`):m}function H(p){const m=x.find($=>$===p);if(m)return void oe(m);N.value=!1,i("choose",p)}async function oe(p){N.value=!1;const m=await Promise.resolve(X(p)).then(So,()=>!1);I.value=t.t(m?"copy.done":"copy.not_done",{what:t.t(`copy.${p}`)}),setTimeout(()=>I.value="",2e3)}return(p,m)=>(d(),g(L,null,[o.id?(d(),g("button",{key:0,type:"button",class:"more","aria-haspopup":"menu","aria-expanded":N.value,"aria-label":h.value,title:h.value,onClick:m[0]||(m[0]=$=>A(o.id,$))},[we(yo,{name:"more",size:16})],8,Eo)):co("",!0),we(uo(Mo),{show:N.value,trigger:"manual",placement:"bottom-end",x:_.value.x,y:_.value.y,options:M.value,onSelect:H,onClickoutside:m[1]||(m[1]=$=>N.value=!1)},null,8,["show","x","y","options"]),(d(),P(po,{to:"body"},[q("p",{class:fo(["note",{shown:I.value}]),role:"status"},ho(I.value),3)]))],64))}}),tn=mo(Ho,[["__scopeId","data-v-6b484207"]]);export{tn as C,Mo as D,nn as u};
