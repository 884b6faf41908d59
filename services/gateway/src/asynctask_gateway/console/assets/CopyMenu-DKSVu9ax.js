import{d as Fe,t as Le,a as Me,v as je}from"./say-xFYwKv98.js";import{O as Ee,h as _,l as I,k as L,o as re,w as ke,x as Se,z as Pe,P as ve,v as K,q as N,Q as Re,u as ne,T as He,n as be,i as F,B as pe,A as E}from"./http-BTPRA-mo.js";import{h as Ve,r as te,p as Ne,m as Ue,d as We,f as qe,k as Ge}from"./index-BLoApeCV.js";import{f as Xe,B as Qe,h as we,V as Ze,a as Je,r as Ye,p as Ce,P as eo,c as oo}from"./create-B4f56plk.js";import{i as no,d as to}from"./keys-B8WhJwPz.js";import{o as ee,a as oe,X as ro,u as io}from"./replaceable-CjbppGmk.js";import{$ as ao,W as so,y as me,U as lo,L as co,d as D,e as H,h as X,g as G,a as y,o as d,b as k,r as $,f as R,F as B,i as V,p as q,t as T,j as fe,v as ge,x as uo,a3 as po,A as fo,l as ho,C as vo,_ as mo}from"./_plugin-vue_export-helper-DqtZfUaJ.js";import{I as yo,u as bo}from"./Icon-Bp2h24Cy.js";import{r as wo,c as go}from"./cluster_command-DdxXg4N5.js";import{u as xo}from"./session-CcRaUz3n.js";import{u as ko}from"./tasks-_JOv5B__.js";import{c as So}from"./ProblemBox-B5jmjbjU.js";function Po(e={},n){const t=so({ctrl:!1,command:!1,win:!1,shift:!1,tab:!1}),{keydown:o,keyup:r}=e,a=l=>{switch(l.key){case"Control":t.ctrl=!0;break;case"Meta":t.command=!0,t.win=!0;break;case"Shift":t.shift=!0;break;case"Tab":t.tab=!0;break}o!==void 0&&Object.keys(o).forEach(S=>{if(S!==l.key)return;const p=o[S];if(typeof p=="function")p(l);else{const{stop:g=!1,prevent:x=!1}=p;g&&l.stopPropagation(),x&&l.preventDefault(),p.handler(l)}})},s=l=>{switch(l.key){case"Control":t.ctrl=!1;break;case"Meta":t.command=!1,t.win=!1;break;case"Shift":t.shift=!1;break;case"Tab":t.tab=!1;break}r!==void 0&&Object.keys(r).forEach(S=>{if(S!==l.key)return;const p=r[S];if(typeof p=="function")p(l);else{const{stop:g=!1,prevent:x=!1}=p;g&&l.stopPropagation(),x&&l.preventDefault(),p.handler(l)}})},c=()=>{(n===void 0||n.value)&&(ee("keydown",document,a),ee("keyup",document,s)),n!==void 0&&me(n,l=>{l?(ee("keydown",document,a),ee("keyup",document,s)):(oe("keydown",document,a),oe("keyup",document,s))})};return Ve()?(lo(c),co(()=>{(n===void 0||n.value)&&(oe("keydown",document,a),oe("keyup",document,s))})):c(),ao(t)}var Ro=D({name:"ChevronRight",render(){return(()=>{const e=Ee("6ab04425f4fcb756");return e[0]||(e[0]=H("svg",{viewBox:"0 0 16 16",fill:"none",xmlns:"http://www.w3.org/2000/svg"},[H("path",{d:"M5.64645 3.14645C5.45118 3.34171 5.45118 3.65829 5.64645 3.85355L9.79289 8L5.64645 12.1464C5.45118 12.3417 5.45118 12.6583 5.64645 12.8536C5.84171 13.0488 6.15829 13.0488 6.35355 12.8536L10.8536 8.35355C11.0488 8.15829 11.0488 7.84171 10.8536 7.64645L6.35355 3.14645C6.15829 2.95118 5.84171 2.95118 5.64645 3.14645Z",fill:"currentColor"})],-1))})()}});function No(e){return n=>{n?e.value=n.$el:e.value=null}}var Co=_("icon",`
 height: 1em;
 width: 1em;
 line-height: 1em;
 text-align: center;
 display: inline-block;
 position: relative;
 fill: currentColor;
`,[I("color-transition",{transition:"color .3s var(--n-bezier)"}),I("depth",{color:"var(--n-color)"},[L("svg",{opacity:"var(--n-opacity)",transition:"opacity .3s var(--n-bezier)"})]),L("svg",{height:"1em",width:"1em"})]);const _o={...re.props,depth:[String,Number],size:[Number,String],color:String,component:[Object,Function]},Io=D({_n_icon__:!0,name:"Icon",inheritAttrs:!1,props:_o,setup(e){const{mergedClsPrefixRef:n,inlineThemeDisabled:t}=Se(e),o=re("Icon","-icon",Co,no,e,n),r=y(()=>{const{depth:s}=e,{common:{cubicBezierEaseInOut:c},self:l}=o.value;if(s!==void 0){const{color:S,[`opacity${s}Depth`]:p}=l;return{"--n-bezier":c,"--n-color":S,"--n-opacity":p}}return{"--n-bezier":c,"--n-color":"","--n-opacity":""}}),a=t?Pe("icon",y(()=>`${e.depth||"d"}`),r,e):void 0;return{mergedClsPrefix:n,mergedStyle:y(()=>{const{size:s,color:c}=e;return{fontSize:Xe(s),color:c}}),cssVars:t?void 0:r,themeClass:a?.themeClass,onRender:a?.onRender}},render(){const{$parent:e,depth:n,mergedClsPrefix:t,component:o,onRender:r,themeClass:a}=this;return e?.$options?._n_icon__&&ke("icon","don't wrap `n-icon` inside `n-icon`"),r?.(),X("i",G(this.$attrs,{role:"img",class:[`${t}-icon`,a,{[`${t}-icon--depth`]:n,[`${t}-icon--color-transition`]:n!==void 0}],style:[this.cssVars,this.mergedStyle]}),o?X(o):this.$slots.default?.())}}),ye=ve("n-dropdown-menu"),ie=ve("n-dropdown"),xe=ve("n-dropdown-option");var _e=D({name:"DropdownDivider",props:{clsPrefix:{type:String,required:!0}},render(){return d(),k("div",{class:K(`${this.clsPrefix}-dropdown-divider`)},null,2)}});function he(e,n){return e.type==="submenu"||e.type===void 0&&e[n]!==void 0}function Ko(e){return e.type==="group"}function Ie(e){return e.type==="divider"}function $o(e){return e.type==="render"}function zo(e,n,t){const o=$(e.value);let r=null;return me(e,a=>{r!==null&&window.clearTimeout(r),a===!0?t&&!t.value?o.value=!0:r=window.setTimeout(()=>{o.value=!0},n):o.value=!1}),o}var Ke=D({name:"DropdownOption",props:{clsPrefix:{type:String,required:!0},tmNode:{type:Object,required:!0},parentKey:{type:[String,Number],default:null},placement:{type:String,default:"right-start"},props:Object,scrollable:Boolean},setup(e){const n=V(ie),{hoverKeyRef:t,keyboardKeyRef:o,lastToggledSubmenuKeyRef:r,pendingKeyPathRef:a,activeKeyPathRef:s,animatedRef:c,mergedShowRef:l,renderLabelRef:S,renderIconRef:p,labelFieldRef:g,childrenFieldRef:x,renderOptionRef:O,nodePropsRef:A,menuPropsRef:z}=n,b=V(xe,null),h=V(ye),C=V(Ne),J=y(()=>e.tmNode.rawNode),Q=y(()=>{const{value:i}=x;return he(e.tmNode.rawNode,i)}),ae=y(()=>{const{disabled:i}=e.tmNode;return i}),se=y(()=>{if(!Q.value)return!1;const{key:i,disabled:u}=e.tmNode;if(u)return!1;const{value:P}=t,{value:M}=o,{value:ue}=r,{value:j}=a;return P!==null?j.includes(i):M!==null?j.includes(i)&&j[j.length-1]!==i:ue!==null?j.includes(i):!1}),le=y(()=>o.value===null&&!c.value),de=zo(se,300,le),ce=y(()=>!!b?.enteringSubmenuRef.value),U=$(!1);q(xe,{enteringSubmenuRef:U});function W(){U.value=!0}function Y(){U.value=!1}function Z(){const{parentKey:i,tmNode:u}=e;u.disabled||l.value&&(r.value=i,o.value=null,t.value=u.key)}function f(){const{tmNode:i}=e;i.disabled||l.value&&t.value!==i.key&&Z()}function v(i){if(e.tmNode.disabled||!l.value)return;const{relatedTarget:u}=i;u&&!we({target:u},"dropdownOption")&&!we({target:u},"scrollbarRail")&&(t.value=null)}function w(){const{value:i}=Q,{tmNode:u}=e;l.value&&!i&&!u.disabled&&(n.doSelect(u.key,u.rawNode),n.doUpdateShow(!1))}return{labelField:g,renderLabel:S,renderIcon:p,siblingHasIcon:h.showIconRef,siblingHasSubmenu:h.hasSubmenuRef,menuProps:z,popoverBody:C,animated:c,mergedShowSubmenu:y(()=>de.value&&!ce.value),rawNode:J,hasSubmenu:Q,pending:ne(()=>{const{value:i}=a,{key:u}=e.tmNode;return i.includes(u)}),childActive:ne(()=>{const{value:i}=s,{key:u}=e.tmNode,P=i.findIndex(M=>u===M);return P===-1?!1:P<i.length-1}),active:ne(()=>{const{value:i}=s,{key:u}=e.tmNode,P=i.findIndex(M=>u===M);return P===-1?!1:P===i.length-1}),mergedDisabled:ae,renderOption:O,nodeProps:A,handleClick:w,handleMouseMove:f,handleMouseEnter:Z,handleMouseLeave:v,handleSubmenuBeforeEnter:W,handleSubmenuAfterEnter:Y}},render(){const{animated:e,rawNode:n,mergedShowSubmenu:t,clsPrefix:o,siblingHasIcon:r,siblingHasSubmenu:a,renderLabel:s,renderIcon:c,renderOption:l,nodeProps:S,props:p,scrollable:g}=this;let x=null;if(t){const b=this.menuProps?.(n,n.children);x=(h=>(d(),R($e,G({key:1},b,{clsPrefix:o,scrollable:this.scrollable,tmNodes:this.tmNode.children,parentKey:this.tmNode.key}),null,16,["clsPrefix","scrollable","tmNodes","parentKey"])))()}const O={class:[`${o}-dropdown-option-body`,this.pending&&`${o}-dropdown-option-body--pending`,this.active&&`${o}-dropdown-option-body--active`,this.childActive&&`${o}-dropdown-option-body--child-active`,this.mergedDisabled&&`${o}-dropdown-option-body--disabled`],onMousemove:this.handleMouseMove,onMouseenter:this.handleMouseEnter,onMouseleave:this.handleMouseLeave,onClick:this.handleClick},A=S?.(n),z=(d(),k("div",G({class:[`${o}-dropdown-option`,A?.class],"data-dropdown-option":!0},A),[N(()=>X("div",G(O,p),[(d(),k("div",{class:K([`${o}-dropdown-option-body__prefix`,r&&`${o}-dropdown-option-body__prefix--show-icon`])},[N(()=>[c?c(n):te(n.icon)])],2)),(d(),k("div",{"data-dropdown-option":!0,class:K(`${o}-dropdown-option-body__label`)},[s?(d(),k(B,{key:0},[N(()=>s(n))],64)):(d(),k(B,{key:1},[N(()=>te(n[this.labelField]??n.title))],64))],2)),(d(),k("div",{"data-dropdown-option":!0,class:K([`${o}-dropdown-option-body__suffix`,a&&`${o}-dropdown-option-body__suffix--has-submenu`])},[this.hasSubmenu?(d(),R(Io,{key:0},{_:1,default:Re(()=>(d(),R(Ro)))})):N(()=>null)],2))])),this.hasSubmenu?(d(),R(Qe,{key:0},{default:()=>[(d(),R(Ze,null,{default:()=>(d(),k("div",{class:K(`${o}-dropdown-offset-container`)},[(d(),R(Je,{show:this.mergedShowSubmenu,placement:this.placement,to:g&&this.popoverBody||void 0,teleportDisabled:!g},{default:()=>(d(),k("div",{class:K(`${o}-dropdown-menu-wrapper`)},[e?(d(),R(He,{key:0,onBeforeEnter:this.handleSubmenuBeforeEnter,onAfterEnter:this.handleSubmenuAfterEnter,name:"fade-in-scale-up-transition",appear:!0},{default:()=>x},1032,["onBeforeEnter","onAfterEnter"])):(d(),k(B,{key:1},[N(()=>x)],64))],2))},1032,["show","placement","to","teleportDisabled"]))],2))},1024))]},1024)):N(()=>null)],16));return l?l({node:z,option:n}):z}}),Do=D({name:"DropdownGroupHeader",props:{clsPrefix:{type:String,required:!0},tmNode:{type:Object,required:!0}},setup(){const{showIconRef:e,hasSubmenuRef:n}=V(ye),{renderLabelRef:t,labelFieldRef:o,nodePropsRef:r,renderOptionRef:a}=V(ie);return{labelField:o,showIcon:e,hasSubmenu:n,renderLabel:t,nodeProps:r,renderOption:a}},render(){const{clsPrefix:e,hasSubmenu:n,showIcon:t,nodeProps:o,renderLabel:r,renderOption:a}=this,{rawNode:s}=this.tmNode,c=(d(),k("div",G({class:`${e}-dropdown-option`},o?.(s)),[H("div",{class:K(`${e}-dropdown-option-body ${e}-dropdown-option-body--group`)},[H("div",{"data-dropdown-option":!0,class:K([`${e}-dropdown-option-body__prefix`,t&&`${e}-dropdown-option-body__prefix--show-icon`])},[N(()=>te(s.icon))],2),H("div",{class:K(`${e}-dropdown-option-body__label`),"data-dropdown-option":!0},[r?(d(),k(B,{key:0},[N(()=>r(s))],64)):(d(),k(B,{key:1},[N(()=>te(s.title??s[this.labelField]))],64))],2),H("div",{class:K([`${e}-dropdown-option-body__suffix`,n&&`${e}-dropdown-option-body__suffix--has-submenu`]),"data-dropdown-option":!0},null,2)],2)],16));return a?a({node:c,option:s}):c}}),Oo=D({name:"NDropdownGroup",props:{clsPrefix:{type:String,required:!0},tmNode:{type:Object,required:!0},parentKey:{type:[String,Number],default:null}},render(){const{tmNode:e,parentKey:n,clsPrefix:t}=this,{children:o}=e;return d(),k(B,null,[(d(),R(Do,{clsPrefix:t,tmNode:e,key:e.key},null,8,["clsPrefix","tmNode"])),N(()=>o?.map(r=>{const{rawNode:a}=r;return a.show===!1?null:Ie(a)?X(_e,{clsPrefix:t,key:r.key}):r.isGroup?(ke("dropdown","`group` node is not allowed to be put in `group` node."),null):(d(),R(Ke,{clsPrefix:t,tmNode:r,parentKey:n,key:r.key},null,8,["clsPrefix","tmNode","parentKey"]))}))],64)}}),To=D({name:"DropdownRenderOption",props:{tmNode:{type:Object,required:!0}},render(){const{rawNode:{render:e,props:n}}=this.tmNode;return X("div",n,[e?.()])}}),$e=D({name:"DropdownMenu",props:{scrollable:Boolean,showArrow:Boolean,arrowStyle:[String,Object],clsPrefix:{type:String,required:!0},tmNodes:{type:Array,default:()=>[]},parentKey:{type:[String,Number],default:null}},setup(e){const{renderIconRef:n,childrenFieldRef:t}=V(ie);q(ye,{showIconRef:y(()=>{const r=n.value;return e.tmNodes.some(a=>{if(a.isGroup)return a.children?.some(({rawNode:c})=>r?r(c):c.icon);const{rawNode:s}=a;return r?r(s):s.icon})}),hasSubmenuRef:y(()=>{const{value:r}=t;return e.tmNodes.some(a=>{if(a.isGroup)return a.children?.some(({rawNode:c})=>he(c,r));const{rawNode:s}=a;return he(s,r)})})});const o=$(null);return q(Ue,null),q(We,null),q(Ne,o),{bodyRef:o}},render(){const{parentKey:e,clsPrefix:n,scrollable:t}=this,o=this.tmNodes.map(r=>{const{rawNode:a}=r;return a.show===!1?null:$o(a)?(d(),R(To,{tmNode:r,key:r.key},null,8,["tmNode"])):Ie(a)?(d(),R(_e,{clsPrefix:n,key:r.key},null,8,["clsPrefix"])):Ko(a)?(d(),R(Oo,{clsPrefix:n,tmNode:r,parentKey:e,key:r.key},null,8,["clsPrefix","tmNode","parentKey"])):(d(),R(Ke,{clsPrefix:n,tmNode:r,parentKey:e,key:r.key,props:a.props,scrollable:t},null,8,["clsPrefix","tmNode","parentKey","props","scrollable"]))});return d(),k("div",{class:K([`${n}-dropdown-menu`,t&&`${n}-dropdown-menu--scrollable`]),ref:"bodyRef"},[t?(d(),R(ro,{key:0,contentClass:`${n}-dropdown-menu__content`},{default:()=>o},1032,["contentClass"])):(d(),k(B,{key:1},[N(()=>o)],64)),this.showArrow?(d(),k(B,{key:2},[N(()=>Ye({clsPrefix:n,arrowStyle:this.arrowStyle,arrowClass:void 0,arrowWrapperClass:void 0,arrowWrapperStyle:void 0}))],64)):N(()=>null)],2)}}),Bo=_("dropdown-menu",`
 transform-origin: var(--v-transform-origin);
 background-color: var(--n-color);
 border-radius: var(--n-border-radius);
 box-shadow: var(--n-box-shadow);
 position: relative;
 transition:
 background-color .3s var(--n-bezier),
 box-shadow .3s var(--n-bezier);
`,[qe(),_("dropdown-option",`
 position: relative;
 `,[L("a",`
 text-decoration: none;
 color: inherit;
 outline: none;
 `,[L("&::before",`
 content: "";
 position: absolute;
 left: 0;
 right: 0;
 top: 0;
 bottom: 0;
 `)]),_("dropdown-option-body",`
 display: flex;
 cursor: pointer;
 position: relative;
 height: var(--n-option-height);
 line-height: var(--n-option-height);
 font-size: var(--n-font-size);
 color: var(--n-option-text-color);
 transition: color .3s var(--n-bezier);
 `,[L("&::before",`
 content: "";
 position: absolute;
 top: 0;
 bottom: 0;
 left: 4px;
 right: 4px;
 transition: background-color .3s var(--n-bezier);
 border-radius: var(--n-border-radius);
 `),be("disabled",[I("pending",`
 color: var(--n-option-text-color-hover);
 `,[F("prefix, suffix",`
 color: var(--n-option-text-color-hover);
 `),L("&::before","background-color: var(--n-option-color-hover);")]),I("active",`
 color: var(--n-option-text-color-active);
 `,[F("prefix, suffix",`
 color: var(--n-option-text-color-active);
 `),L("&::before","background-color: var(--n-option-color-active);")]),I("child-active",`
 color: var(--n-option-text-color-child-active);
 `,[F("prefix, suffix",`
 color: var(--n-option-text-color-child-active);
 `)])]),I("disabled",`
 cursor: not-allowed;
 opacity: var(--n-option-opacity-disabled);
 `),I("group",`
 font-size: calc(var(--n-font-size) - 1px);
 color: var(--n-group-header-text-color);
 `,[F("prefix",`
 width: calc(var(--n-option-prefix-width) / 2);
 `,[I("show-icon",`
 width: calc(var(--n-option-icon-prefix-width) / 2);
 `)])]),F("prefix",`
 width: var(--n-option-prefix-width);
 display: flex;
 justify-content: center;
 align-items: center;
 color: var(--n-prefix-color);
 transition: color .3s var(--n-bezier);
 z-index: 1;
 `,[I("show-icon",`
 width: var(--n-option-icon-prefix-width);
 `),_("icon",`
 font-size: var(--n-option-icon-size);
 `)]),F("label",`
 white-space: nowrap;
 flex: 1;
 z-index: 1;
 `),F("suffix",`
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
 `,[I("has-submenu",`
 width: var(--n-option-icon-suffix-width);
 `),_("icon",`
 font-size: var(--n-option-icon-size);
 `)]),_("dropdown-menu","pointer-events: all;")]),_("dropdown-offset-container",`
 pointer-events: none;
 position: absolute;
 left: 0;
 right: 0;
 top: -4px;
 bottom: -4px;
 `)]),_("dropdown-divider",`
 transition: background-color .3s var(--n-bezier);
 background-color: var(--n-divider-color);
 height: 1px;
 margin: 4px 0;
 `),_("dropdown-menu-wrapper",`
 transform-origin: var(--v-transform-origin);
 width: fit-content;
 `),L(">",[_("scrollbar",`
 height: inherit;
 max-height: inherit;
 `)]),be("scrollable",`
 padding: var(--n-padding);
 `),I("scrollable",[F("content",`
 padding: var(--n-padding);
 `)])]);const Ao={animated:{type:Boolean,default:!0},keyboard:{type:Boolean,default:!0},size:String,inverted:Boolean,placement:{type:String,default:"bottom"},onSelect:[Function,Array],options:{type:Array,default:()=>[]},menuProps:Function,showArrow:Boolean,renderLabel:Function,renderIcon:Function,renderOption:Function,nodeProps:Function,labelField:{type:String,default:"label"},keyField:{type:String,default:"key"},childrenField:{type:String,default:"children"},value:[String,Number]},Fo=Object.keys(Ce),Lo={...Ce,...Ao,...re.props};var Mo=D({name:"Dropdown",inheritAttrs:!1,props:Lo,setup(e){const n=$(!1),t=io(T(e,"show"),n),o=y(()=>{const{keyField:f,childrenField:v}=e;return oo(e.options,{getKey(w){return w[f]},getDisabled(w){return w.disabled===!0},getIgnored(w){return w.type==="divider"||w.type==="render"},getChildren(w){return w[v]}})}),r=y(()=>o.value.treeNodes),a=$(null),s=$(null),c=$(null),l=y(()=>a.value??s.value??c.value??null),S=y(()=>o.value.getPath(l.value).keyPath),p=y(()=>o.value.getPath(e.value).keyPath),g=ne(()=>e.keyboard&&t.value);Po({keydown:{ArrowUp:{prevent:!0,handler:le},ArrowRight:{prevent:!0,handler:se},ArrowDown:{prevent:!0,handler:de},ArrowLeft:{prevent:!0,handler:ae},Enter:{prevent:!0,handler:ce},Escape:Q}},g);const{mergedClsPrefixRef:x,inlineThemeDisabled:O,mergedComponentPropsRef:A}=Se(e),z=y(()=>e.size||A?.value?.Dropdown?.size||"medium"),b=re("Dropdown","-dropdown",Bo,to,e,x);q(ie,{labelFieldRef:T(e,"labelField"),childrenFieldRef:T(e,"childrenField"),renderLabelRef:T(e,"renderLabel"),renderIconRef:T(e,"renderIcon"),hoverKeyRef:a,keyboardKeyRef:s,lastToggledSubmenuKeyRef:c,pendingKeyPathRef:S,activeKeyPathRef:p,animatedRef:T(e,"animated"),mergedShowRef:t,nodePropsRef:T(e,"nodeProps"),renderOptionRef:T(e,"renderOption"),menuPropsRef:T(e,"menuProps"),doSelect:h,doUpdateShow:C}),me(t,f=>{!e.animated&&!f&&J()});function h(f,v){const{onSelect:w}=e;w&&pe(w,f,v)}function C(f){const{"onUpdate:show":v,onUpdateShow:w}=e;v&&pe(v,f),w&&pe(w,f),n.value=f}function J(){a.value=null,s.value=null,c.value=null}function Q(){C(!1)}function ae(){W("left")}function se(){W("right")}function le(){W("up")}function de(){W("down")}function ce(){const f=U();f?.isLeaf&&t.value&&(h(f.key,f.rawNode),C(!1))}function U(){const{value:f}=o,{value:v}=l;return!f||v===null?null:f.getNode(v)??null}function W(f){const{value:v}=l,{value:{getFirstAvailableNode:w}}=o;let i=null;if(v===null){const u=w();u!==null&&(i=u.key)}else{const u=U();if(u){let P;switch(f){case"down":P=u.getNext();break;case"up":P=u.getPrev();break;case"right":P=u.getChild();break;case"left":P=u.getParent()}P&&(i=P.key)}}i!==null&&(a.value=null,s.value=i)}const Y=y(()=>{const{inverted:f}=e,v=z.value,{common:{cubicBezierEaseInOut:w},self:i}=b.value,{padding:u,dividerColor:P,borderRadius:M,optionOpacityDisabled:ue,[E("optionIconSuffixWidth",v)]:j,[E("optionSuffixWidth",v)]:ze,[E("optionIconPrefixWidth",v)]:De,[E("optionPrefixWidth",v)]:Oe,[E("fontSize",v)]:Te,[E("optionHeight",v)]:Be,[E("optionIconSize",v)]:Ae}=i,m={"--n-bezier":w,"--n-font-size":Te,"--n-padding":u,"--n-border-radius":M,"--n-option-height":Be,"--n-option-prefix-width":Oe,"--n-option-icon-prefix-width":De,"--n-option-suffix-width":ze,"--n-option-icon-suffix-width":j,"--n-option-icon-size":Ae,"--n-divider-color":P,"--n-option-opacity-disabled":ue};return f?(m["--n-color"]=i.colorInverted,m["--n-option-color-hover"]=i.optionColorHoverInverted,m["--n-option-color-active"]=i.optionColorActiveInverted,m["--n-option-text-color"]=i.optionTextColorInverted,m["--n-option-text-color-hover"]=i.optionTextColorHoverInverted,m["--n-option-text-color-active"]=i.optionTextColorActiveInverted,m["--n-option-text-color-child-active"]=i.optionTextColorChildActiveInverted,m["--n-prefix-color"]=i.prefixColorInverted,m["--n-suffix-color"]=i.suffixColorInverted,m["--n-group-header-text-color"]=i.groupHeaderTextColorInverted):(m["--n-color"]=i.color,m["--n-option-color-hover"]=i.optionColorHover,m["--n-option-color-active"]=i.optionColorActive,m["--n-option-text-color"]=i.optionTextColor,m["--n-option-text-color-hover"]=i.optionTextColorHover,m["--n-option-text-color-active"]=i.optionTextColorActive,m["--n-option-text-color-child-active"]=i.optionTextColorChildActive,m["--n-prefix-color"]=i.prefixColor,m["--n-suffix-color"]=i.suffixColor,m["--n-group-header-text-color"]=i.groupHeaderTextColor),m}),Z=O?Pe("dropdown",y(()=>`${z.value[0]}${e.inverted?"i":""}`),Y,e):void 0;return{mergedClsPrefix:x,mergedTheme:b,mergedSize:z,tmNodes:r,mergedShow:t,handleAfterLeave:()=>{e.animated&&J()},doUpdateShow:C,cssVars:O?void 0:Y,themeClass:Z?.themeClass,onRender:Z?.onRender}},render(){const e=(o,r,a,s,c)=>{const{mergedClsPrefix:l,menuProps:S}=this;this.onRender?.();const p=S?.(void 0,this.tmNodes.map(x=>x.rawNode))||{},g={ref:No(r),class:[o,`${l}-dropdown`,`${l}-dropdown--${this.mergedSize}-size`,this.themeClass],clsPrefix:l,tmNodes:this.tmNodes,style:[...a,this.cssVars],showArrow:this.showArrow,arrowStyle:this.arrowStyle,scrollable:this.scrollable,onMouseenter:s,onMouseleave:c};return X($e,G(this.$attrs,g,p))},{mergedTheme:n}=this,t={show:this.mergedShow,theme:n.peers.Popover,themeOverrides:n.peerOverrides.Popover,internalOnAfterLeave:this.handleAfterLeave,internalRenderBody:e,onUpdateShow:this.doUpdateShow,"onUpdate:show":void 0};return d(),R(eo,Ge(this.$props,Fo,t),{_:1,trigger:Re(()=>this.$slots.default?.())},16)}});const jo=1e3,nn=Fe("last_list",()=>{const e=Le("asynctask.last_list",[]);function n(o){e.value=o.slice(0,jo)}function t(o,r){const a=e.value.indexOf(o);return a<0?void 0:e.value[a+r]}return{note:n,beside:t}}),Eo=["aria-expanded","aria-label","title"],Ho=D({__name:"CopyMenu",props:{id:{}},setup(e,{expose:n}){const t=e,o=Me(),r=bo(),a=xo(),s=ko(),c=["id","link","json","curl","cli"],l=y(()=>c.map(b=>({key:b,label:o.t(`copy.${b}`)}))),S=$(""),p=$({x:0,y:0}),g=$(!1),x=$("");async function O(b,h){const C=h.currentTarget.getBoundingClientRect();g.value=!1,await vo(),S.value=b,p.value={x:C.right,y:C.bottom},g.value=!0}n({open:O});function A(b){const h=S.value;return b==="link"?new URL(r.resolve({name:"task",params:{id:h}}).href,location.origin).href:b==="json"?s.read(h):b==="curl"?wo(je(`/api/v1/tasks/${h}`),a.needsToken):b==="cli"?go(`./dev cli get ${h}`):h}async function z(b){g.value=!1;const h=await Promise.resolve(A(b)).then(So,()=>!1);x.value=o.t(h?"copy.done":"copy.not_done",{what:o.t(`copy.${b}`)}),setTimeout(()=>x.value="",2e3)}return(b,h)=>(d(),k(B,null,[t.id?(d(),k("button",{key:0,type:"button",class:"more","aria-haspopup":"menu","aria-expanded":g.value,"aria-label":fe(o).t("copy.label"),title:fe(o).t("copy.label"),onClick:h[0]||(h[0]=C=>O(t.id,C))},[ge(yo,{name:"more",size:16})],8,Eo)):uo("",!0),ge(fe(Mo),{show:g.value,trigger:"manual",placement:"bottom-end",x:p.value.x,y:p.value.y,options:l.value,onSelect:z,onClickoutside:h[1]||(h[1]=C=>g.value=!1)},null,8,["show","x","y","options"]),(d(),R(po,{to:"body"},[H("p",{class:fo(["note",{shown:x.value}]),role:"status"},ho(x.value),3)]))],64))}}),tn=mo(Ho,[["__scopeId","data-v-2b4b320a"]]);export{tn as C,Mo as D,nn as u};
