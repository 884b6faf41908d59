import{b as Lt,d as wo,e as lt,i as xt,g as xo,h as qe,j as ko,P as So,u as yt,B as Ro,k as zo,V as Fo,a as To,c as Po}from"./create-B_kK3bSD.js";import{C as Io,r as Le,f as Wt,o as Mo,c as Ft}from"./index-BCPGlLKU.js";import{P as kt,h as W,i as A,k as he,o as xe,v as z,q as x,x as Ge,z as Xe,A as te,u as _e,ah as Dt,g as Oo,a as Q,l as re,n as Be,t as it,ak as St,aD as Tt,B as me,Q as Bo,T as Ht,L as _o,as as $o,R as Fe,y as Eo,ai as Ao,al as Lo}from"./connection-Cv107ozO.js";import{u as Nt,S as Wo}from"./Suffix-Bxo-Vgmg.js";import{I as Vt,V as Pt,d as wt,p as Ue,e as We,h as gt,S as Do,W as Ho,u as It,g as No}from"./replaceable-C_NpINUx.js";import{d as ge,e as de,o as s,b as C,F as ie,f as G,n as De,a as M,p as at,r as I,i as Rt,h as we,g as Te,G as Ye,a7 as Vo,a8 as Ko,t as le,C as zt,H as jo,y as $e,L as Kt,E as Uo,v as qo,s as Go}from"./_plugin-vue_export-helper-DqtZfUaJ.js";import{e as Xo,_ as Yo,i as Zo,d as Qo,f as Jo}from"./light-CH4s5Ggh.js";var en=ge({name:"Empty",render(){return(()=>{const e=kt("15c1a247ae156450");return e[0]||(e[0]=de("svg",{viewBox:"0 0 28 28",fill:"none",xmlns:"http://www.w3.org/2000/svg"},[de("path",{d:"M26 7.5C26 11.0899 23.0899 14 19.5 14C15.9101 14 13 11.0899 13 7.5C13 3.91015 15.9101 1 19.5 1C23.0899 1 26 3.91015 26 7.5ZM16.8536 4.14645C16.6583 3.95118 16.3417 3.95118 16.1464 4.14645C15.9512 4.34171 15.9512 4.65829 16.1464 4.85355L18.7929 7.5L16.1464 10.1464C15.9512 10.3417 15.9512 10.6583 16.1464 10.8536C16.3417 11.0488 16.6583 11.0488 16.8536 10.8536L19.5 8.20711L22.1464 10.8536C22.3417 11.0488 22.6583 11.0488 22.8536 10.8536C23.0488 10.6583 23.0488 10.3417 22.8536 10.1464L20.2071 7.5L22.8536 4.85355C23.0488 4.65829 23.0488 4.34171 22.8536 4.14645C22.6583 3.95118 22.3417 3.95118 22.1464 4.14645L19.5 6.79289L16.8536 4.14645Z",fill:"currentColor"}),de("path",{d:"M25 22.75V12.5991C24.5572 13.0765 24.053 13.4961 23.5 13.8454V16H17.5L17.3982 16.0068C17.0322 16.0565 16.75 16.3703 16.75 16.75C16.75 18.2688 15.5188 19.5 14 19.5C12.4812 19.5 11.25 18.2688 11.25 16.75L11.2432 16.6482C11.1935 16.2822 10.8797 16 10.5 16H4.5V7.25C4.5 6.2835 5.2835 5.5 6.25 5.5H12.2696C12.4146 4.97463 12.6153 4.47237 12.865 4H6.25C4.45507 4 3 5.45507 3 7.25V22.75C3 24.5449 4.45507 26 6.25 26H21.75C23.5449 26 25 24.5449 25 22.75ZM4.5 22.75V17.5H9.81597L9.85751 17.7041C10.2905 19.5919 11.9808 21 14 21L14.215 20.9947C16.2095 20.8953 17.842 19.4209 18.184 17.5H23.5V22.75C23.5 23.7165 22.7165 24.5 21.75 24.5H6.25C5.2835 24.5 4.5 23.7165 4.5 22.75Z",fill:"currentColor"})],-1))})()}}),tn=W("empty",`
 display: flex;
 flex-direction: column;
 align-items: center;
 font-size: var(--n-font-size);
`,[A("icon",`
 width: var(--n-icon-size);
 height: var(--n-icon-size);
 font-size: var(--n-icon-size);
 line-height: var(--n-icon-size);
 color: var(--n-icon-color);
 transition:
 color .3s var(--n-bezier);
 `,[he("+",[A("description",`
 margin-top: 8px;
 `)])]),A("description",`
 transition: color .3s var(--n-bezier);
 color: var(--n-text-color);
 `),A("extra",`
 text-align: center;
 transition: color .3s var(--n-bezier);
 margin-top: 12px;
 color: var(--n-extra-text-color);
 `)]);const on={...xe.props,description:String,showDescription:{type:Boolean,default:!0},showIcon:{type:Boolean,default:!0},size:{type:String,default:"medium"},renderIcon:Function};var nn=ge({name:"Empty",props:on,slots:Object,setup(e){const{mergedClsPrefixRef:t,inlineThemeDisabled:o,mergedComponentPropsRef:i}=Ge(e),l=xe("Empty","-empty",tn,Xo,e,t),{localeRef:c}=Nt("Empty"),u=M(()=>e.description??i?.value?.Empty?.description),n=M(()=>i?.value?.Empty?.renderIcon||(()=>(s(),G(en)))),g=M(()=>{const{size:b}=e,{common:{cubicBezierEaseInOut:y},self:{[te("iconSize",b)]:O,[te("fontSize",b)]:S,textColor:w,iconColor:p,extraTextColor:F}}=l.value;return{"--n-icon-size":O,"--n-font-size":S,"--n-bezier":y,"--n-text-color":w,"--n-icon-color":p,"--n-extra-text-color":F}}),v=o?Xe("empty",M(()=>{let b="";const{size:y}=e;return b+=y[0],b}),g,e):void 0;return{mergedClsPrefix:t,mergedRenderIcon:n,localizedDescription:M(()=>u.value||c.value.description),cssVars:o?void 0:g,themeClass:v?.themeClass,onRender:v?.onRender}},render(){const{$slots:e,mergedClsPrefix:t,onRender:o}=this;return o?.(),s(),C("div",{class:z([`${t}-empty`,this.themeClass]),style:De(this.cssVars)},[this.showIcon?(s(),C("div",{key:0,class:z(`${t}-empty__icon`)},[e.icon?(s(),C(ie,{key:0},[x(()=>e.icon())],64)):(s(),G(Vt,{key:1,clsPrefix:t},{default:this.mergedRenderIcon},1032,["clsPrefix"]))],2)):x(()=>null),this.showDescription?(s(),C("div",{key:2,class:z(`${t}-empty__description`)},[e.default?(s(),C(ie,{key:0},[x(()=>e.default())],64)):(s(),C(ie,{key:1},[x(()=>this.localizedDescription)],64))],2)):x(()=>null),e.extra?(s(),C("div",{key:4,class:z(`${t}-empty__extra`)},[x(()=>e.extra())],2)):x(()=>null)],6)}});function Mt(e){return e&-e}class jt{constructor(t,o){this.l=t,this.min=o;const i=new Array(t+1);for(let l=0;l<t+1;++l)i[l]=0;this.ft=i}add(t,o){if(o===0)return;const{l:i,ft:l}=this;for(t+=1;t<=i;)l[t]+=o,t+=Mt(t)}get(t){return this.sum(t+1)-this.sum(t)}sum(t){if(t===void 0&&(t=this.l),t<=0)return 0;const{ft:o,min:i,l}=this;if(t>l)throw new Error("[FinweckTree.sum]: `i` is larger than length.");let c=t*i;for(;t>0;)c+=o[t],t-=Mt(t);return c}getBound(t){let o=0,i=this.l;for(;i>o;){const l=Math.floor((o+i)/2),c=this.sum(l);if(c>t){i=l;continue}else if(c<t){if(o===l)return this.sum(o+1)<=t?o+1:l;o=l}else return l}return o}}let rt;function rn(){return typeof document>"u"?!1:(rt===void 0&&("matchMedia"in window?rt=window.matchMedia("(pointer:coarse)").matches:rt=!1),rt)}let pt;function Ot(){return typeof document>"u"?1:(pt===void 0&&(pt="chrome"in window?window.devicePixelRatio:1),pt)}const Ut="VVirtualListXScroll";function ln({columnsRef:e,renderColRef:t,renderItemWithColsRef:o}){const i=I(0),l=I(0),c=M(()=>{const v=e.value;if(v.length===0)return null;const b=new jt(v.length,0);return v.forEach((y,O)=>{b.add(O,y.width)}),b}),u=_e(()=>{const v=c.value;return v!==null?Math.max(v.getBound(l.value)-1,0):0}),n=v=>{const b=c.value;return b!==null?b.sum(v):0},g=_e(()=>{const v=c.value;return v!==null?Math.min(v.getBound(l.value+i.value)+1,e.value.length-1):0});return at(Ut,{startIndexRef:u,endIndexRef:g,columnsRef:e,renderColRef:t,renderItemWithColsRef:o,getLeft:n}),{listWidthRef:i,scrollLeftRef:l}}const Bt=ge({name:"VirtualListRow",props:{index:{type:Number,required:!0},item:{type:Object,required:!0}},setup(){const{startIndexRef:e,endIndexRef:t,columnsRef:o,getLeft:i,renderColRef:l,renderItemWithColsRef:c}=Rt(Ut);return{startIndex:e,endIndex:t,columns:o,renderCol:l,renderItemWithCols:c,getLeft:i}},render(){const{startIndex:e,endIndex:t,columns:o,renderCol:i,renderItemWithCols:l,getLeft:c,item:u}=this;if(l!=null)return l({itemIndex:this.index,startColIndex:e,endColIndex:t,allColumns:o,item:u,getLeft:c});if(i!=null){const n=[];for(let g=e;g<=t;++g){const v=o[g];n.push(i({column:v,left:c(g),item:u}))}return n}return null}}),an=lt(".v-vl",{maxHeight:"inherit",height:"100%",overflow:"auto",minWidth:"1px"},[lt("&:not(.v-vl--show-scrollbar)",{scrollbarWidth:"none"},[lt("&::-webkit-scrollbar, &::-webkit-scrollbar-track-piece, &::-webkit-scrollbar-thumb",{width:0,height:0,display:"none"})])]),sn=ge({name:"VirtualList",inheritAttrs:!1,props:{showScrollbar:{type:Boolean,default:!0},columns:{type:Array,default:()=>[]},renderCol:Function,renderItemWithCols:Function,items:{type:Array,default:()=>[]},itemSize:{type:Number,required:!0},itemResizable:Boolean,itemsStyle:[String,Object],visibleItemsTag:{type:[String,Object],default:"div"},visibleItemsProps:Object,ignoreItemResize:Boolean,onScroll:Function,onWheel:Function,onResize:Function,defaultScrollKey:[Number,String],defaultScrollIndex:Number,keyField:{type:String,default:"key"},paddingTop:{type:[Number,String],default:0},paddingBottom:{type:[Number,String],default:0}},setup(e){const t=Dt();an.mount({id:"vueuc/virtual-list",head:!0,anchorMetaName:Lt,ssr:t}),Ye(()=>{const{defaultScrollIndex:f,defaultScrollKey:m}=e;f!=null?F({index:f}):m!=null&&F({key:m})});let o=!1,i=!1;Vo(()=>{if(o=!1,!i){i=!0;return}F({top:S.value,left:u.value})}),Ko(()=>{o=!0,i||(i=!0)});const l=_e(()=>{if(e.renderCol==null&&e.renderItemWithCols==null||e.columns.length===0)return;let f=0;return e.columns.forEach(m=>{f+=m.width}),f}),c=M(()=>{const f=new Map,{keyField:m}=e;return e.items.forEach((L,$)=>{f.set(L[m],$)}),f}),{scrollLeftRef:u,listWidthRef:n}=ln({columnsRef:le(e,"columns"),renderColRef:le(e,"renderCol"),renderItemWithColsRef:le(e,"renderItemWithCols")}),g=I(null),v=I(void 0),b=new Map,y=M(()=>{const{items:f,itemSize:m,keyField:L}=e,$=new jt(f.length,m);return f.forEach((Z,X)=>{const V=Z[L],ee=b.get(V);ee!==void 0&&$.add(X,ee)}),$}),O=I(0),S=I(0),w=_e(()=>Math.max(y.value.getBound(S.value-wt(e.paddingTop))-1,0)),p=M(()=>{const{value:f}=v;if(f===void 0)return[];const{items:m,itemSize:L}=e,$=w.value,Z=Math.min($+Math.ceil(f/L+1),m.length-1),X=[];for(let V=$;V<=Z;++V)X.push(m[V]);return X}),F=(f,m)=>{if(typeof f=="number"){H(f,m,"auto");return}const{left:L,top:$,index:Z,key:X,position:V,behavior:ee,debounce:q=!0}=f;if(L!==void 0||$!==void 0)H(L,$,ee);else if(Z!==void 0)B(Z,ee,q);else if(X!==void 0){const ve=c.value.get(X);ve!==void 0&&B(ve,ee,q)}else V==="bottom"?H(0,Number.MAX_SAFE_INTEGER,ee):V==="top"&&H(0,0,ee)};let R,k=null;function B(f,m,L){const $=g.value;if($==null)return;const{value:Z}=y,X=Z.sum(f)+wt(e.paddingTop);if(!L)$.scrollTo({left:0,top:X,behavior:m});else{R=f,k!==null&&window.clearTimeout(k),k=window.setTimeout(()=>{R=void 0,k=null},16);const{scrollTop:V,offsetHeight:ee}=$;if(X>V){const q=Z.get(f);X+q<=V+ee||$.scrollTo({left:0,top:X+q-ee,behavior:m})}else $.scrollTo({left:0,top:X,behavior:m})}}function H(f,m,L){const $=g.value;$?.scrollTo({left:f,top:m,behavior:L})}function N(f,m){var L,$,Z;if(o||e.ignoreItemResize||j(m.target))return;const{value:X}=y,V=c.value.get(f),ee=X.get(V),q=(Z=($=(L=m.borderBoxSize)===null||L===void 0?void 0:L[0])===null||$===void 0?void 0:$.blockSize)!==null&&Z!==void 0?Z:m.contentRect.height;if(q===ee)return;q-e.itemSize===0?b.delete(f):b.set(f,q-e.itemSize);const ue=q-ee;if(ue===0)return;X.add(V,ue);const d=g.value;if(d!=null){if(R===void 0){const _=X.sum(V);d.scrollTop>_&&d.scrollBy(0,ue)}else if(V<R)d.scrollBy(0,ue);else if(V===R){const _=X.sum(V);q+_>d.scrollTop+d.offsetHeight&&d.scrollBy(0,ue)}ne()}O.value++}const D=!rn();let J=!1;function oe(f){var m;(m=e.onScroll)===null||m===void 0||m.call(e,f),(!D||!J)&&ne()}function se(f){var m;if((m=e.onWheel)===null||m===void 0||m.call(e,f),D){const L=g.value;if(L!=null){if(f.deltaX===0&&(L.scrollTop===0&&f.deltaY<=0||L.scrollTop+L.offsetHeight>=L.scrollHeight&&f.deltaY>=0))return;f.preventDefault(),L.scrollTop+=f.deltaY/Ot(),L.scrollLeft+=f.deltaX/Ot(),ne(),J=!0,wo(()=>{J=!1})}}}function ce(f){if(o||j(f.target))return;if(e.renderCol==null&&e.renderItemWithCols==null){if(f.contentRect.height===v.value)return}else if(f.contentRect.height===v.value&&f.contentRect.width===n.value)return;v.value=f.contentRect.height,n.value=f.contentRect.width;const{onResize:m}=e;m!==void 0&&m(f)}function ne(){const{value:f}=g;f!=null&&(S.value=f.scrollTop,u.value=f.scrollLeft)}function j(f){let m=f;for(;m!==null;){if(m.style.display==="none")return!0;m=m.parentElement}return!1}return{listHeight:v,listStyle:{overflow:"auto"},keyToIndex:c,itemsStyle:M(()=>{const{itemResizable:f}=e,m=Ue(y.value.sum());return O.value,[e.itemsStyle,{boxSizing:"content-box",width:Ue(l.value),height:f?"":m,minHeight:f?m:"",paddingTop:Ue(e.paddingTop),paddingBottom:Ue(e.paddingBottom)}]}),visibleItemsStyle:M(()=>(O.value,{transform:`translateY(${Ue(y.value.sum(w.value))})`})),viewportItems:p,listElRef:g,itemsElRef:I(null),scrollTo:F,handleListResize:ce,handleListScroll:oe,handleListWheel:se,handleItemResize:N}},render(){const{itemResizable:e,keyField:t,keyToIndex:o,visibleItemsTag:i}=this;return we(Pt,{onResize:this.handleListResize},{default:()=>{var l,c;return we("div",Te(this.$attrs,{class:["v-vl",this.showScrollbar&&"v-vl--show-scrollbar"],onScroll:this.handleListScroll,onWheel:this.handleListWheel,ref:"listElRef"}),[this.items.length!==0?we("div",{ref:"itemsElRef",class:"v-vl-items",style:this.itemsStyle},[we(i,Object.assign({class:"v-vl-visible-items",style:this.visibleItemsStyle},this.visibleItemsProps),{default:()=>{const{renderCol:u,renderItemWithCols:n}=this;return this.viewportItems.map(g=>{const v=g[t],b=o.get(v),y=u!=null?we(Bt,{index:b,item:g}):void 0,O=n!=null?we(Bt,{index:b,item:g}):void 0,S=this.$slots.default({item:g,renderedCols:y,renderedItemWithCols:O,index:b})[0];return e?we(Pt,{key:v,onResize:w=>this.handleItemResize(v,w)},{default:()=>S}):(S.key=v,S)})}})]):(c=(l=this.$slots).empty)===null||c===void 0?void 0:c.call(l)])}})}}),Se="v-hidden",cn=lt("[v-hidden]",{display:"none!important"}),_t=ge({name:"Overflow",props:{getCounter:Function,getTail:Function,updateCounter:Function,onUpdateCount:Function,onUpdateOverflow:Function},setup(e,{slots:t}){const o=I(null),i=I(null);function l(u){const{value:n}=o,{getCounter:g,getTail:v}=e;let b;if(g!==void 0?b=g():b=i.value,!n||!b)return;b.hasAttribute(Se)&&b.removeAttribute(Se);const{children:y}=n;if(u.showAllItemsBeforeCalculate)for(const B of y)B.hasAttribute(Se)&&B.removeAttribute(Se);const O=n.offsetWidth,S=[],w=t.tail?v?.():null;let p=w?w.offsetWidth:0,F=!1;const R=n.children.length-(t.tail?1:0);for(let B=0;B<R-1;++B){if(B<0)continue;const H=y[B];if(F){H.hasAttribute(Se)||H.setAttribute(Se,"");continue}else H.hasAttribute(Se)&&H.removeAttribute(Se);const N=H.offsetWidth;if(p+=N,S[B]=N,p>O){const{updateCounter:D}=e;for(let J=B;J>=0;--J){const oe=R-1-J;D!==void 0?D(oe):b.textContent=`${oe}`;const se=b.offsetWidth;if(p-=S[J],p+se<=O||J===0){F=!0,B=J-1,w&&(B===-1?(w.style.maxWidth=`${O-se}px`,w.style.boxSizing="border-box"):w.style.maxWidth="");const{onUpdateCount:ce}=e;ce&&ce(oe);break}}}}const{onUpdateOverflow:k}=e;F?k!==void 0&&k(!0):(k!==void 0&&k(!1),b.setAttribute(Se,""))}const c=Dt();return cn.mount({id:"vueuc/overflow",head:!0,anchorMetaName:Lt,ssr:c}),Ye(()=>l({showAllItemsBeforeCalculate:!1})),{selfRef:o,counterRef:i,sync:l}},render(){const{$slots:e}=this;return zt(()=>this.sync({showAllItemsBeforeCalculate:!1})),we("div",{class:"v-overflow",ref:"selfRef"},[jo(e,"default"),e.counter?e.counter():we("span",{style:{display:"inline-block"},ref:"counterRef"}),e.tail?e.tail():null])}});function dn(e){const{textColor2:t,primaryColorHover:o,primaryColorPressed:i,primaryColor:l,infoColor:c,successColor:u,warningColor:n,errorColor:g,baseColor:v,borderColor:b,opacityDisabled:y,tagColor:O,closeIconColor:S,closeIconColorHover:w,closeIconColorPressed:p,borderRadiusSmall:F,fontSizeMini:R,fontSizeTiny:k,fontSizeSmall:B,fontSizeMedium:H,heightMini:N,heightTiny:D,heightSmall:J,heightMedium:oe,closeColorHover:se,closeColorPressed:ce,buttonColor2Hover:ne,buttonColor2Pressed:j,fontWeightStrong:f}=e;return{...Yo,closeBorderRadius:F,heightTiny:N,heightSmall:D,heightMedium:J,heightLarge:oe,borderRadius:F,opacityDisabled:y,fontSizeTiny:R,fontSizeSmall:k,fontSizeMedium:B,fontSizeLarge:H,fontWeightStrong:f,textColorCheckable:t,textColorHoverCheckable:t,textColorPressedCheckable:t,textColorChecked:v,colorCheckable:"#0000",colorHoverCheckable:ne,colorPressedCheckable:j,colorChecked:l,colorCheckedHover:o,colorCheckedPressed:i,border:`1px solid ${b}`,textColor:t,color:O,colorBordered:"rgb(250, 250, 252)",closeIconColor:S,closeIconColorHover:w,closeIconColorPressed:p,closeColorHover:se,closeColorPressed:ce,borderPrimary:`1px solid ${Q(l,{alpha:.3})}`,textColorPrimary:l,colorPrimary:Q(l,{alpha:.12}),colorBorderedPrimary:Q(l,{alpha:.1}),closeIconColorPrimary:l,closeIconColorHoverPrimary:l,closeIconColorPressedPrimary:l,closeColorHoverPrimary:Q(l,{alpha:.12}),closeColorPressedPrimary:Q(l,{alpha:.18}),borderInfo:`1px solid ${Q(c,{alpha:.3})}`,textColorInfo:c,colorInfo:Q(c,{alpha:.12}),colorBorderedInfo:Q(c,{alpha:.1}),closeIconColorInfo:c,closeIconColorHoverInfo:c,closeIconColorPressedInfo:c,closeColorHoverInfo:Q(c,{alpha:.12}),closeColorPressedInfo:Q(c,{alpha:.18}),borderSuccess:`1px solid ${Q(u,{alpha:.3})}`,textColorSuccess:u,colorSuccess:Q(u,{alpha:.12}),colorBorderedSuccess:Q(u,{alpha:.1}),closeIconColorSuccess:u,closeIconColorHoverSuccess:u,closeIconColorPressedSuccess:u,closeColorHoverSuccess:Q(u,{alpha:.12}),closeColorPressedSuccess:Q(u,{alpha:.18}),borderWarning:`1px solid ${Q(n,{alpha:.35})}`,textColorWarning:n,colorWarning:Q(n,{alpha:.15}),colorBorderedWarning:Q(n,{alpha:.12}),closeIconColorWarning:n,closeIconColorHoverWarning:n,closeIconColorPressedWarning:n,closeColorHoverWarning:Q(n,{alpha:.12}),closeColorPressedWarning:Q(n,{alpha:.18}),borderError:`1px solid ${Q(g,{alpha:.23})}`,textColorError:g,colorError:Q(g,{alpha:.1}),colorBorderedError:Q(g,{alpha:.08}),closeIconColorError:g,closeIconColorHoverError:g,closeIconColorPressedError:g,closeColorHoverError:Q(g,{alpha:.12}),closeColorPressedError:Q(g,{alpha:.18})}}const un={common:Oo,self:dn};var fn={color:Object,type:{type:String,default:"default"},round:Boolean,size:String,closable:Boolean,disabled:{type:Boolean,default:void 0}},hn=W("tag",`
 --n-close-margin: var(--n-close-margin-top) var(--n-close-margin-right) var(--n-close-margin-bottom) var(--n-close-margin-left);
 white-space: nowrap;
 position: relative;
 box-sizing: border-box;
 cursor: default;
 display: inline-flex;
 align-items: center;
 flex-wrap: nowrap;
 padding: var(--n-padding);
 border-radius: var(--n-border-radius);
 color: var(--n-text-color);
 background-color: var(--n-color);
 transition: 
 border-color .3s var(--n-bezier),
 background-color .3s var(--n-bezier),
 color .3s var(--n-bezier),
 box-shadow .3s var(--n-bezier),
 opacity .3s var(--n-bezier);
 line-height: 1;
 height: var(--n-height);
 font-size: var(--n-font-size);
`,[re("strong",`
 font-weight: var(--n-font-weight-strong);
 `),A("border",`
 pointer-events: none;
 position: absolute;
 left: 0;
 right: 0;
 top: 0;
 bottom: 0;
 border-radius: inherit;
 border: var(--n-border);
 transition: border-color .3s var(--n-bezier);
 `),A("icon",`
 display: flex;
 margin: 0 4px 0 0;
 color: var(--n-text-color);
 transition: color .3s var(--n-bezier);
 font-size: var(--n-avatar-size-override);
 `),A("avatar",`
 display: flex;
 margin: 0 6px 0 0;
 `),A("close",`
 margin: var(--n-close-margin);
 transition:
 background-color .3s var(--n-bezier),
 color .3s var(--n-bezier);
 `),re("round",`
 padding: 0 calc(var(--n-height) / 3);
 border-radius: calc(var(--n-height) / 2);
 `,[A("icon",`
 margin: 0 4px 0 calc((var(--n-height) - 8px) / -2);
 `),A("avatar",`
 margin: 0 6px 0 calc((var(--n-height) - 8px) / -2);
 `),re("closable",`
 padding: 0 calc(var(--n-height) / 4) 0 calc(var(--n-height) / 3);
 `)]),re("icon, avatar",[re("round",`
 padding: 0 calc(var(--n-height) / 3) 0 calc(var(--n-height) / 2);
 `)]),re("disabled",`
 cursor: not-allowed !important;
 opacity: var(--n-opacity-disabled);
 `),re("checkable",`
 cursor: pointer;
 box-shadow: none;
 color: var(--n-text-color-checkable);
 background-color: var(--n-color-checkable);
 `,[Be("disabled",[he("&:hover","background-color: var(--n-color-hover-checkable);",[Be("checked","color: var(--n-text-color-hover-checkable);")]),he("&:active","background-color: var(--n-color-pressed-checkable);",[Be("checked","color: var(--n-text-color-pressed-checkable);")])]),re("checked",`
 color: var(--n-text-color-checked);
 background-color: var(--n-color-checked);
 `,[Be("disabled",[he("&:hover","background-color: var(--n-color-checked-hover);"),he("&:active","background-color: var(--n-color-checked-pressed);")])])])]);const vn=["onClick","onMouseenter","onMouseleave"],gn={...xe.props,...fn,bordered:{type:Boolean,default:void 0},checked:Boolean,checkable:Boolean,strong:Boolean,triggerClickOnClose:Boolean,onClose:[Array,Function],onMouseenter:Function,onMouseleave:Function,"onUpdate:checked":Function,onUpdateChecked:Function,internalCloseFocusable:{type:Boolean,default:!0},internalCloseIsButtonTag:{type:Boolean,default:!0},onCheckedChange:Function},pn=Bo("n-tag");var bt=ge({name:"Tag",props:gn,slots:Object,setup(e){const t=I(null),{mergedBorderedRef:o,mergedClsPrefixRef:i,inlineThemeDisabled:l,mergedRtlRef:c,mergedComponentPropsRef:u}=Ge(e),n=M(()=>e.size||u?.value?.Tag?.size||"medium"),g=xe("Tag","-tag",hn,un,e,i);at(pn,{roundRef:le(e,"round")});function v(){if(!e.disabled&&e.checkable){const{checked:p,onCheckedChange:F,onUpdateChecked:R,"onUpdate:checked":k}=e;R&&R(!p),k&&k(!p),F&&F(!p)}}function b(p){if(e.triggerClickOnClose||p.stopPropagation(),!e.disabled){const{onClose:F}=e;F&&me(F,p)}}const y={setTextContent(p){const{value:F}=t;F&&(F.textContent=p)}},O=St("Tag",c,i),S=M(()=>{const{type:p,color:{color:F,textColor:R}={}}=e,k=n.value,{common:{cubicBezierEaseInOut:B},self:{padding:H,closeMargin:N,borderRadius:D,opacityDisabled:J,textColorCheckable:oe,textColorHoverCheckable:se,textColorPressedCheckable:ce,textColorChecked:ne,colorCheckable:j,colorHoverCheckable:f,colorPressedCheckable:m,colorChecked:L,colorCheckedHover:$,colorCheckedPressed:Z,closeBorderRadius:X,fontWeightStrong:V,[te("colorBordered",p)]:ee,[te("closeSize",k)]:q,[te("closeIconSize",k)]:ve,[te("fontSize",k)]:ue,[te("height",k)]:d,[te("color",p)]:_,[te("textColor",p)]:pe,[te("border",p)]:Re,[te("closeIconColor",p)]:ke,[te("closeIconColorHover",p)]:be,[te("closeIconColorPressed",p)]:fe,[te("closeColorHover",p)]:ze,[te("closeColorPressed",p)]:Ce}}=g.value,ye=We(N);return{"--n-font-weight-strong":V,"--n-avatar-size-override":`calc(${d} - 8px)`,"--n-bezier":B,"--n-border-radius":D,"--n-border":Re,"--n-close-icon-size":ve,"--n-close-color-pressed":Ce,"--n-close-color-hover":ze,"--n-close-border-radius":X,"--n-close-icon-color":ke,"--n-close-icon-color-hover":be,"--n-close-icon-color-pressed":fe,"--n-close-icon-color-disabled":ke,"--n-close-margin-top":ye.top,"--n-close-margin-right":ye.right,"--n-close-margin-bottom":ye.bottom,"--n-close-margin-left":ye.left,"--n-close-size":q,"--n-color":F||(o.value?ee:_),"--n-color-checkable":j,"--n-color-checked":L,"--n-color-checked-hover":$,"--n-color-checked-pressed":Z,"--n-color-hover-checkable":f,"--n-color-pressed-checkable":m,"--n-font-size":ue,"--n-height":d,"--n-opacity-disabled":J,"--n-padding":H,"--n-text-color":R||pe,"--n-text-color-checkable":oe,"--n-text-color-checked":ne,"--n-text-color-hover-checkable":se,"--n-text-color-pressed-checkable":ce}}),w=l?Xe("tag",M(()=>{let p="";const{type:F,color:{color:R,textColor:k}={}}=e;return p+=F[0],p+=n.value[0],R&&(p+=`a${Tt(R)}`),k&&(p+=`b${Tt(k)}`),o.value&&(p+="c"),p}),S,e):void 0;return{...y,rtlEnabled:O,mergedClsPrefix:i,contentRef:t,mergedBordered:o,handleClick:v,handleCloseClick:b,cssVars:l?void 0:S,themeClass:w?.themeClass,onRender:w?.onRender}},render(){const{mergedClsPrefix:e,rtlEnabled:t,closable:o,color:{borderColor:i}={},round:l,onRender:c,$slots:u}=this;c?.();const n=it(u.avatar,v=>v&&(s(),C("div",{class:z(`${e}-tag__avatar`)},[x(()=>v)],2))),g=it(u.icon,v=>v&&(s(),C("div",{class:z(`${e}-tag__icon`)},[x(()=>v)],2)));return s(),C("div",{class:z([`${e}-tag`,this.themeClass,{[`${e}-tag--rtl`]:t,[`${e}-tag--strong`]:this.strong,[`${e}-tag--disabled`]:this.disabled,[`${e}-tag--checkable`]:this.checkable,[`${e}-tag--checked`]:this.checkable&&this.checked,[`${e}-tag--round`]:l,[`${e}-tag--avatar`]:n,[`${e}-tag--icon`]:g,[`${e}-tag--closable`]:o}]),style:De(this.cssVars),onClick:this.handleClick,onMouseenter:this.onMouseenter,onMouseleave:this.onMouseleave},[x(()=>g||n),de("span",{class:z(`${e}-tag__content`),ref:"contentRef"},[x(()=>this.$slots.default?.())],2),!this.checkable&&o?(s(),G(Io,{key:0,clsPrefix:e,class:z(`${e}-tag__close`),disabled:this.disabled,onClick:this.handleCloseClick,focusable:this.internalCloseFocusable,round:l,isButtonTag:this.internalCloseIsButtonTag,absolute:!0},null,8,["clsPrefix","class","disabled","onClick","focusable","round","isButtonTag"])):x(()=>null),!this.checkable&&this.mergedBordered?(s(),C("div",{key:2,class:z(`${e}-tag__border`),style:De({borderColor:i})},null,6)):x(()=>null)],46,vn)}});function $t(e){switch(typeof e){case"string":return e||void 0;case"number":return String(e);default:return}}function qt(e,t){t&&(Ye(()=>{const{value:o}=e;o&&gt.registerHandler(o,t)}),$e(e,(o,i)=>{i&&gt.unregisterHandler(i)},{deep:!1}),Kt(()=>{const{value:o}=e;o&&gt.unregisterHandler(o)}))}var bn=ge({props:{onFocus:Function,onBlur:Function},setup(e){return()=>(()=>{const t=kt("d16ead82505dc285");return s(),C("div",{style:"width: 0; height: 0",tabindex:0,onFocus:t[0]||(t[0]=o=>e.onFocus?.(o)),onBlur:t[1]||(t[1]=o=>e.onBlur?.(o))},null,32)})()}}),mn=bn,Et=ge({name:"NBaseSelectGroupHeader",props:{clsPrefix:{type:String,required:!0},tmNode:{type:Object,required:!0}},setup(){const{renderLabelRef:e,renderOptionRef:t,labelFieldRef:o,nodePropsRef:i}=Rt(xt);return{labelField:o,nodeProps:i,renderLabel:e,renderOption:t}},render(){const{clsPrefix:e,renderLabel:t,renderOption:o,nodeProps:i,tmNode:{rawNode:l}}=this,c=i?.(l),u=t?t(l,!1):Le(l[this.labelField],l,!1),n=(s(),C("div",Te(c,{class:[`${e}-base-select-group-header`,c?.class]}),[x(()=>u)],16));return l.render?l.render({node:n,option:l}):o?o({node:n,option:l,selected:!1}):n}});function mt(e){const t=e.filter(o=>o!==void 0);if(t.length!==0)return t.length===1?t[0]:o=>{e.forEach(i=>{i&&i(o)})}}var Cn=ge({name:"Checkmark",render(){return(()=>{const e=kt("3c84eac8ae4e1f96");return e[0]||(e[0]=de("svg",{xmlns:"http://www.w3.org/2000/svg",viewBox:"0 0 16 16"},[de("g",{fill:"none"},[de("path",{d:"M14.046 3.486a.75.75 0 0 1-.032 1.06l-7.93 7.474a.85.85 0 0 1-1.188-.022l-2.68-2.72a.75.75 0 1 1 1.068-1.053l2.234 2.267l7.468-7.038a.75.75 0 0 1 1.06.032z",fill:"currentColor"})])],-1))})()}});const yn=["onClick","onMouseenter","onMousemove"];function wn(e,t){return s(),G(Ht,{name:"fade-in-scale-up-transition"},{default:()=>e?(s(),G(Vt,{key:1,clsPrefix:t,class:z(`${t}-base-select-option__check`)},{default:()=>we(Cn)},1032,["clsPrefix","class"])):null},1024)}var At=ge({name:"NBaseSelectOption",props:{clsPrefix:{type:String,required:!0},tmNode:{type:Object,required:!0}},setup(e){const{valueRef:t,pendingTmNodeRef:o,multipleRef:i,valueSetRef:l,renderLabelRef:c,renderOptionRef:u,labelFieldRef:n,valueFieldRef:g,showCheckmarkRef:v,nodePropsRef:b,handleOptionClick:y,handleOptionMouseEnter:O}=Rt(xt),S=_e(()=>{const{value:R}=o;return R?e.tmNode.key===R.key:!1});function w(R){const{tmNode:k}=e;k.disabled||y(R,k)}function p(R){const{tmNode:k}=e;k.disabled||O(R,k)}function F(R){const{tmNode:k}=e,{value:B}=S;k.disabled||B||O(R,k)}return{multiple:i,isGrouped:_e(()=>{const{tmNode:R}=e,{parent:k}=R;return k&&k.rawNode.type==="group"}),showCheckmark:v,nodeProps:b,isPending:S,isSelected:_e(()=>{const{value:R}=t,{value:k}=i;if(R===null)return!1;const B=e.tmNode.rawNode[g.value];if(k){const{value:H}=l;return H.has(B)}else return R===B}),labelField:n,renderLabel:c,renderOption:u,handleMouseMove:F,handleMouseEnter:p,handleClick:w}},render(){const{clsPrefix:e,tmNode:{rawNode:t},isSelected:o,isPending:i,isGrouped:l,showCheckmark:c,nodeProps:u,renderOption:n,renderLabel:g,handleClick:v,handleMouseEnter:b,handleMouseMove:y}=this,O=wn(o,e),S=g?[g(t,o),c&&O]:[Le(t[this.labelField],t,o),c&&O],w=u?.(t),p=(s(),C("div",Te(w,{class:[`${e}-base-select-option`,t.class,w?.class,{[`${e}-base-select-option--disabled`]:t.disabled,[`${e}-base-select-option--selected`]:o,[`${e}-base-select-option--grouped`]:l,[`${e}-base-select-option--pending`]:i,[`${e}-base-select-option--show-checkmark`]:c}],style:[w?.style||"",t.style||""],onClick:mt([v,w?.onClick]),onMouseenter:mt([b,w?.onMouseenter]),onMousemove:mt([y,w?.onMousemove])}),[de("div",{class:z(`${e}-base-select-option__content`)},[x(()=>S)],2)],16,yn));return t.render?t.render({node:p,option:t,selected:o}):n?n({node:p,option:t,selected:o}):p}}),xn=W("base-select-menu",`
 line-height: 1.5;
 outline: none;
 z-index: 0;
 position: relative;
 border-radius: var(--n-border-radius);
 transition:
 background-color .3s var(--n-bezier),
 box-shadow .3s var(--n-bezier);
 background-color: var(--n-color);
`,[W("scrollbar",`
 max-height: var(--n-height);
 `),W("virtual-list",`
 max-height: var(--n-height);
 `),W("base-select-option",`
 min-height: var(--n-option-height);
 font-size: var(--n-option-font-size);
 display: flex;
 align-items: center;
 `,[A("content",`
 z-index: 1;
 white-space: nowrap;
 text-overflow: ellipsis;
 overflow: hidden;
 `)]),W("base-select-group-header",`
 min-height: var(--n-option-height);
 font-size: .93em;
 display: flex;
 align-items: center;
 `),W("base-select-menu-option-wrapper",`
 position: relative;
 width: 100%;
 `),A("loading, empty",`
 display: flex;
 padding: 12px 32px;
 flex: 1;
 justify-content: center;
 `),A("loading",`
 color: var(--n-loading-color);
 font-size: var(--n-loading-size);
 `),A("header",`
 padding: 8px var(--n-option-padding-left);
 font-size: var(--n-option-font-size);
 transition: 
 color .3s var(--n-bezier),
 border-color .3s var(--n-bezier);
 border-bottom: 1px solid var(--n-action-divider-color);
 color: var(--n-action-text-color);
 `),A("action",`
 padding: 8px var(--n-option-padding-left);
 font-size: var(--n-option-font-size);
 transition: 
 color .3s var(--n-bezier),
 border-color .3s var(--n-bezier);
 border-top: 1px solid var(--n-action-divider-color);
 color: var(--n-action-text-color);
 `),W("base-select-group-header",`
 position: relative;
 cursor: default;
 padding: var(--n-option-padding);
 color: var(--n-group-header-text-color);
 `),W("base-select-option",`
 cursor: pointer;
 position: relative;
 padding: var(--n-option-padding);
 transition:
 color .3s var(--n-bezier),
 opacity .3s var(--n-bezier);
 box-sizing: border-box;
 color: var(--n-option-text-color);
 opacity: 1;
 `,[re("show-checkmark",`
 padding-right: calc(var(--n-option-padding-right) + 20px);
 `),he("&::before",`
 content: "";
 position: absolute;
 left: 4px;
 right: 4px;
 top: 0;
 bottom: 0;
 border-radius: var(--n-border-radius);
 transition: background-color .3s var(--n-bezier);
 `),he("&:active",`
 color: var(--n-option-text-color-pressed);
 `),re("grouped",`
 padding-left: calc(var(--n-option-padding-left) * 1.5);
 `),re("pending",[he("&::before",`
 background-color: var(--n-option-color-pending);
 `)]),re("selected",`
 color: var(--n-option-text-color-active);
 `,[he("&::before",`
 background-color: var(--n-option-color-active);
 `),re("pending",[he("&::before",`
 background-color: var(--n-option-color-active-pending);
 `)])]),re("disabled",`
 cursor: not-allowed;
 `,[Be("selected",`
 color: var(--n-option-text-color-disabled);
 `),re("selected",`
 opacity: var(--n-option-opacity-disabled);
 `)]),A("check",`
 font-size: 16px;
 position: absolute;
 right: calc(var(--n-option-padding-right) - 4px);
 top: calc(50% - 7px);
 color: var(--n-option-check-color);
 transition: color .3s var(--n-bezier);
 `,[Wt({enterScale:"0.5"})])])]);const kn=["tabindex","onFocusin","onFocusout","onKeyup","onKeydown","onMousedown","onMouseenter","onMouseleave"];var Sn=ge({name:"InternalSelectMenu",props:{...xe.props,clsPrefix:{type:String,required:!0},scrollable:{type:Boolean,default:!0},treeMate:{type:Object,required:!0},multiple:Boolean,size:{type:String,default:"medium"},value:{type:[String,Number,Array],default:null},autoPending:Boolean,virtualScroll:{type:Boolean,default:!0},show:{type:Boolean,default:!0},labelField:{type:String,default:"label"},valueField:{type:String,default:"value"},loading:Boolean,focusable:Boolean,renderLabel:Function,renderOption:Function,nodeProps:Function,showCheckmark:{type:Boolean,default:!0},onMousedown:Function,onScroll:Function,onFocus:Function,onBlur:Function,onKeyup:Function,onKeydown:Function,onTabOut:Function,onMouseenter:Function,onMouseleave:Function,onResize:Function,resetMenuOnOptionsChange:{type:Boolean,default:!0},inlineThemeDisabled:Boolean,scrollbarProps:Object,onToggle:Function},setup(e){const{mergedClsPrefixRef:t,mergedRtlRef:o,mergedComponentPropsRef:i}=Ge(e),l=St("InternalSelectMenu",o,t),c=xe("InternalSelectMenu","-internal-select-menu",xn,Zo,e,le(e,"clsPrefix")),u=I(null),n=I(null),g=I(null),v=M(()=>e.treeMate.getFlattenedNodes()),b=M(()=>xo(v.value)),y=I(null);function O(){const{treeMate:d}=e;let _=null;const{value:pe}=e;pe===null?_=d.getFirstAvailableNode():(e.multiple?_=d.getNode((pe||[])[(pe||[]).length-1]):_=d.getNode(pe),(!_||_.disabled)&&(_=d.getFirstAvailableNode())),$(_||null)}function S(){const{value:d}=y;d&&!e.treeMate.getNode(d.key)&&(y.value=null)}let w;$e(()=>e.show,d=>{d?w=$e(()=>e.treeMate,()=>{e.resetMenuOnOptionsChange?(e.autoPending?O():S(),zt(Z)):S()},{immediate:!0}):w?.()},{immediate:!0}),Kt(()=>{w?.()});const p=M(()=>wt(c.value.self[te("optionHeight",e.size)])),F=M(()=>We(c.value.self[te("padding",e.size)])),R=M(()=>e.multiple&&Array.isArray(e.value)?new Set(e.value):new Set),k=M(()=>{const d=v.value;return d&&d.length===0}),B=M(()=>i?.value?.Select?.renderEmpty);function H(d){const{onToggle:_}=e;_&&_(d)}function N(d){const{onScroll:_}=e;_&&_(d)}function D(d){g.value?.sync(),N(d)}function J(){g.value?.sync()}function oe(){const{value:d}=y;return d||null}function se(d,_){_.disabled||$(_,!1)}function ce(d,_){_.disabled||H(_)}function ne(d){qe(d,"action")||e.onKeyup?.(d)}function j(d){qe(d,"action")||e.onKeydown?.(d)}function f(d){e.onMousedown?.(d),!e.focusable&&d.preventDefault()}function m(){const{value:d}=y;d&&$(d.getNext({loop:!0}),!0)}function L(){const{value:d}=y;d&&$(d.getPrev({loop:!0}),!0)}function $(d,_=!1){y.value=d,_&&Z()}function Z(){const d=y.value;if(!d)return;const _=b.value(d.key);_!==null&&(e.virtualScroll?n.value?.scrollTo({index:_}):g.value?.scrollTo({index:_,elSize:p.value}))}function X(d){u.value?.contains(d.target)&&e.onFocus?.(d)}function V(d){u.value?.contains(d.relatedTarget)||e.onBlur?.(d)}at(xt,{handleOptionMouseEnter:se,handleOptionClick:ce,valueSetRef:R,pendingTmNodeRef:y,nodePropsRef:le(e,"nodeProps"),showCheckmarkRef:le(e,"showCheckmark"),multipleRef:le(e,"multiple"),valueRef:le(e,"value"),renderLabelRef:le(e,"renderLabel"),renderOptionRef:le(e,"renderOption"),labelFieldRef:le(e,"labelField"),valueFieldRef:le(e,"valueField")}),at(ko,u),Ye(()=>{const{value:d}=g;d&&d.sync()});const ee=M(()=>{const{size:d}=e,{common:{cubicBezierEaseInOut:_},self:{height:pe,borderRadius:Re,color:ke,groupHeaderTextColor:be,actionDividerColor:fe,optionTextColorPressed:ze,optionTextColor:Ce,optionTextColorDisabled:ye,optionTextColorActive:He,optionOpacityDisabled:Ne,optionCheckColor:Pe,actionTextColor:Ie,optionColorPending:Ve,optionColorActive:Ke,loadingColor:je,loadingSize:Ee,optionColorActivePending:Ae,[te("optionFontSize",d)]:Me,[te("optionHeight",d)]:a,[te("optionPadding",d)]:E}}=c.value;return{"--n-height":pe,"--n-action-divider-color":fe,"--n-action-text-color":Ie,"--n-bezier":_,"--n-border-radius":Re,"--n-color":ke,"--n-option-font-size":Me,"--n-group-header-text-color":be,"--n-option-check-color":Pe,"--n-option-color-pending":Ve,"--n-option-color-active":Ke,"--n-option-color-active-pending":Ae,"--n-option-height":a,"--n-option-opacity-disabled":Ne,"--n-option-text-color":Ce,"--n-option-text-color-active":He,"--n-option-text-color-disabled":ye,"--n-option-text-color-pressed":ze,"--n-option-padding":E,"--n-option-padding-left":We(E,"left"),"--n-option-padding-right":We(E,"right"),"--n-loading-color":je,"--n-loading-size":Ee}}),{inlineThemeDisabled:q}=e,ve=q?Xe("internal-select-menu",M(()=>e.size[0]),ee,e):void 0,ue={selfRef:u,next:m,prev:L,getPendingTmNode:oe};return qt(u,e.onResize),{mergedTheme:c,mergedClsPrefix:t,rtlEnabled:l,virtualListRef:n,scrollbarRef:g,itemSize:p,padding:F,flattenedNodes:v,empty:k,mergedRenderEmpty:B,virtualListContainer(){const{value:d}=n;return d?.listElRef},virtualListContent(){const{value:d}=n;return d?.itemsElRef},doScroll:N,handleFocusin:X,handleFocusout:V,handleKeyUp:ne,handleKeyDown:j,handleMouseDown:f,handleVirtualListResize:J,handleVirtualListScroll:D,cssVars:q?void 0:ee,themeClass:ve?.themeClass,onRender:ve?.onRender,...ue}},render(){const{$slots:e,virtualScroll:t,clsPrefix:o,mergedTheme:i,themeClass:l,onRender:c}=this;return c?.(),s(),C("div",{ref:"selfRef",tabindex:this.focusable?0:-1,class:z([`${o}-base-select-menu`,`${o}-base-select-menu--${this.size}-size`,this.rtlEnabled&&`${o}-base-select-menu--rtl`,l,this.multiple&&`${o}-base-select-menu--multiple`]),style:De(this.cssVars),onFocusin:this.handleFocusin,onFocusout:this.handleFocusout,onKeyup:this.handleKeyUp,onKeydown:this.handleKeyDown,onMousedown:this.handleMouseDown,onMouseenter:this.onMouseenter,onMouseleave:this.onMouseleave},[x(()=>it(e.header,u=>u&&(s(),C("div",{class:z(`${o}-base-select-menu__header`),"data-header":!0,key:"header"},[x(()=>u)],2)))),this.loading?(s(),C("div",{key:0,class:z(`${o}-base-select-menu__loading`)},[(s(),G(_o,{clsPrefix:o,strokeWidth:20},null,8,["clsPrefix"]))],2)):(s(),C(ie,{key:1},[this.empty?(s(),C("div",{key:1,class:z(`${o}-base-select-menu__empty`),"data-empty":!0},[x(()=>$o(e.empty,()=>[this.mergedRenderEmpty?.()||(s(),G(nn,{theme:i.peers.Empty,themeOverrides:i.peerOverrides.Empty,size:this.size},null,8,["theme","themeOverrides","size"]))]))],2)):(s(),G(Do,Te({key:0,ref:"scrollbarRef",theme:i.peers.Scrollbar,themeOverrides:i.peerOverrides.Scrollbar,scrollable:this.scrollable,container:t?this.virtualListContainer:void 0,content:t?this.virtualListContent:void 0,onScroll:t?void 0:this.doScroll},this.scrollbarProps),{default:()=>t?(s(),G(sn,{key:1,ref:"virtualListRef",class:z(`${o}-virtual-list`),items:this.flattenedNodes,itemSize:this.itemSize,showScrollbar:!1,paddingTop:this.padding.top,paddingBottom:this.padding.bottom,onResize:this.handleVirtualListResize,onScroll:this.handleVirtualListScroll,itemResizable:!0},{default:({item:u})=>u.isGroup?(s(),G(Et,{key:u.key,clsPrefix:o,tmNode:u},null,8,["clsPrefix","tmNode"])):u.ignored?null:(s(),G(At,{clsPrefix:o,key:u.key,tmNode:u},null,8,["clsPrefix","tmNode"]))},1032,["class","items","itemSize","paddingTop","paddingBottom","onResize","onScroll"])):(s(),C("div",{key:4,class:z(`${o}-base-select-menu-option-wrapper`),style:De({paddingTop:this.padding.top,paddingBottom:this.padding.bottom})},[x(()=>this.flattenedNodes.map(u=>u.isGroup?(s(),G(Et,{key:u.key,clsPrefix:o,tmNode:u},null,8,["clsPrefix","tmNode"])):(s(),G(At,{clsPrefix:o,key:u.key,tmNode:u},null,8,["clsPrefix","tmNode"]))))],6))},1040,["theme","themeOverrides","scrollable","container","content","onScroll"]))],64)),x(()=>it(e.action,u=>u&&[(s(),C("div",{class:z(`${o}-base-select-menu__action`),"data-action":!0,key:"action"},[x(()=>u)],2)),(s(),G(mn,{onFocus:this.onTabOut,key:"focus-detector"},null,8,["onFocus"]))]))],46,kn)}});function st(e){return e.type==="group"}function Gt(e){return e.type==="ignored"}function Ct(e,t){try{return!!(1+t.toString().toLowerCase().indexOf(e.trim().toLowerCase()))}catch{return!1}}function Rn(e,t){return{getIsGroup:st,getIgnored:Gt,getKey(o){return st(o)?o.name||o.key||"key-required":o[e]},getChildren(o){return o[t]}}}function zn(e,t,o,i){if(!t)return e;function l(c){if(!Array.isArray(c))return[];const u=[];for(const n of c)if(st(n)){const g=l(n[i]);g.length&&u.push(Object.assign({},n,{[i]:g}))}else{if(Gt(n))continue;t(o,n)&&u.push(n)}return u}return l(e)}function Fn(e,t,o){const i=new Map;return e.forEach(l=>{st(l)?l[o].forEach(c=>{i.set(c[t],c)}):i.set(l[t],l)}),i}var Tn=he([W("base-selection",`
 --n-padding-single: var(--n-padding-single-top) var(--n-padding-single-right) var(--n-padding-single-bottom) var(--n-padding-single-left);
 --n-padding-multiple: var(--n-padding-multiple-top) var(--n-padding-multiple-right) var(--n-padding-multiple-bottom) var(--n-padding-multiple-left);
 position: relative;
 z-index: auto;
 box-shadow: none;
 width: 100%;
 max-width: 100%;
 display: inline-block;
 vertical-align: bottom;
 border-radius: var(--n-border-radius);
 min-height: var(--n-height);
 line-height: 1.5;
 font-size: var(--n-font-size);
 `,[W("base-loading",`
 color: var(--n-loading-color);
 `),W("base-selection-tags","min-height: var(--n-height);"),A("border, state-border",`
 position: absolute;
 left: 0;
 right: 0;
 top: 0;
 bottom: 0;
 pointer-events: none;
 border: var(--n-border);
 border-radius: inherit;
 transition:
 box-shadow .3s var(--n-bezier),
 border-color .3s var(--n-bezier);
 `),A("state-border",`
 z-index: 1;
 border-color: #0000;
 `),W("base-suffix",`
 cursor: pointer;
 position: absolute;
 top: 50%;
 transform: translateY(-50%);
 right: 10px;
 `,[A("arrow",`
 font-size: var(--n-arrow-size);
 color: var(--n-arrow-color);
 transition: color .3s var(--n-bezier);
 `)]),W("base-selection-overlay",`
 display: flex;
 align-items: center;
 white-space: nowrap;
 pointer-events: none;
 position: absolute;
 top: 0;
 right: 0;
 bottom: 0;
 left: 0;
 padding: var(--n-padding-single);
 transition: color .3s var(--n-bezier);
 `,[A("wrapper",`
 flex-basis: 0;
 flex-grow: 1;
 overflow: hidden;
 text-overflow: ellipsis;
 `)]),W("base-selection-placeholder",`
 color: var(--n-placeholder-color);
 `,[A("inner",`
 max-width: 100%;
 overflow: hidden;
 `)]),W("base-selection-tags",`
 cursor: pointer;
 outline: none;
 box-sizing: border-box;
 position: relative;
 z-index: auto;
 display: flex;
 padding: var(--n-padding-multiple);
 flex-wrap: wrap;
 align-items: center;
 width: 100%;
 vertical-align: bottom;
 background-color: var(--n-color);
 border-radius: inherit;
 transition:
 color .3s var(--n-bezier),
 box-shadow .3s var(--n-bezier),
 background-color .3s var(--n-bezier);
 `),W("base-selection-label",`
 height: var(--n-height);
 display: inline-flex;
 width: 100%;
 vertical-align: bottom;
 cursor: pointer;
 outline: none;
 z-index: auto;
 box-sizing: border-box;
 position: relative;
 transition:
 color .3s var(--n-bezier),
 box-shadow .3s var(--n-bezier),
 background-color .3s var(--n-bezier);
 border-radius: inherit;
 background-color: var(--n-color);
 align-items: center;
 `,[W("base-selection-input",`
 font-size: inherit;
 line-height: inherit;
 outline: none;
 cursor: pointer;
 box-sizing: border-box;
 border:none;
 width: 100%;
 padding: var(--n-padding-single);
 background-color: #0000;
 color: var(--n-text-color);
 transition: color .3s var(--n-bezier);
 caret-color: var(--n-caret-color);
 `,[A("content",`
 text-overflow: ellipsis;
 overflow: hidden;
 white-space: nowrap; 
 `)]),A("render-label",`
 color: var(--n-text-color);
 `)]),Be("disabled",[he("&:hover",[A("state-border",`
 box-shadow: var(--n-box-shadow-hover);
 border: var(--n-border-hover);
 `)]),re("focus",[A("state-border",`
 box-shadow: var(--n-box-shadow-focus);
 border: var(--n-border-focus);
 `)]),re("active",[A("state-border",`
 box-shadow: var(--n-box-shadow-active);
 border: var(--n-border-active);
 `),W("base-selection-label","background-color: var(--n-color-active);"),W("base-selection-tags","background-color: var(--n-color-active);")])]),re("disabled","cursor: not-allowed;",[A("arrow",`
 color: var(--n-arrow-color-disabled);
 `),W("base-selection-label",`
 cursor: not-allowed;
 background-color: var(--n-color-disabled);
 `,[W("base-selection-input",`
 cursor: not-allowed;
 color: var(--n-text-color-disabled);
 `),A("render-label",`
 color: var(--n-text-color-disabled);
 `)]),W("base-selection-tags",`
 cursor: not-allowed;
 background-color: var(--n-color-disabled);
 `),W("base-selection-placeholder",`
 cursor: not-allowed;
 color: var(--n-placeholder-color-disabled);
 `)]),W("base-selection-input-tag",`
 height: calc(var(--n-height) - 6px);
 line-height: calc(var(--n-height) - 6px);
 outline: none;
 display: none;
 position: relative;
 margin-bottom: 3px;
 max-width: 100%;
 vertical-align: bottom;
 `,[A("input",`
 font-size: inherit;
 font-family: inherit;
 min-width: 1px;
 padding: 0;
 background-color: #0000;
 outline: none;
 border: none;
 max-width: 100%;
 overflow: hidden;
 width: 1em;
 line-height: inherit;
 cursor: pointer;
 color: var(--n-text-color);
 caret-color: var(--n-caret-color);
 `),A("mirror",`
 position: absolute;
 left: 0;
 top: 0;
 white-space: pre;
 visibility: hidden;
 user-select: none;
 -webkit-user-select: none;
 opacity: 0;
 `)]),["warning","error"].map(e=>re(`${e}-status`,[A("state-border",`border: var(--n-border-${e});`),Be("disabled",[he("&:hover",[A("state-border",`
 box-shadow: var(--n-box-shadow-hover-${e});
 border: var(--n-border-hover-${e});
 `)]),re("active",[A("state-border",`
 box-shadow: var(--n-box-shadow-active-${e});
 border: var(--n-border-active-${e});
 `),W("base-selection-label",`background-color: var(--n-color-active-${e});`),W("base-selection-tags",`background-color: var(--n-color-active-${e});`)]),re("focus",[A("state-border",`
 box-shadow: var(--n-box-shadow-focus-${e});
 border: var(--n-border-focus-${e});
 `)])])]))]),W("base-selection-popover",`
 margin-bottom: -3px;
 display: flex;
 flex-wrap: wrap;
 margin-right: -8px;
 `),W("base-selection-tag-wrapper",`
 max-width: 100%;
 display: inline-flex;
 padding: 0 7px 3px 0;
 `,[he("&:last-child","padding-right: 0;"),W("tag",`
 font-size: 14px;
 max-width: 100%;
 `,[A("content",`
 line-height: 1.25;
 text-overflow: ellipsis;
 overflow: hidden;
 `)])])]);const Pn=["disabled","value","autofocus","onBlur","onFocus","onKeydown","onInput","onCompositionstart","onCompositionend"],In=["tabindex"],Mn=["title"],On=["value","readonly","disabled","autofocus","onFocus","onBlur","onInput","onCompositionstart","onCompositionend"],Bn=["tabindex"],_n=["onClick","onMouseenter","onMouseleave","onKeydown","onFocusin","onFocusout","onMousedown"];var $n=ge({name:"InternalSelection",props:{...xe.props,clsPrefix:{type:String,required:!0},bordered:{type:Boolean,default:void 0},active:Boolean,pattern:{type:String,default:""},placeholder:String,selectedOption:{type:Object,default:null},selectedOptions:{type:Array,default:null},labelField:{type:String,default:"label"},valueField:{type:String,default:"value"},multiple:Boolean,filterable:Boolean,clearable:Boolean,disabled:Boolean,size:{type:String,default:"medium"},loading:Boolean,autofocus:Boolean,showArrow:{type:Boolean,default:!0},inputProps:Object,focused:Boolean,renderTag:Function,onKeydown:Function,onClick:Function,onBlur:Function,onFocus:Function,onDeleteOption:Function,maxTagCount:[String,Number],ellipsisTagPopoverProps:Object,onClear:Function,onPatternInput:Function,onPatternFocus:Function,onPatternBlur:Function,renderLabel:Function,status:String,inlineThemeDisabled:Boolean,ignoreComposition:{type:Boolean,default:!0},onResize:Function},setup(e){const{mergedClsPrefixRef:t,mergedRtlRef:o}=Ge(e),i=St("InternalSelection",o,t),l=I(null),c=I(null),u=I(null),n=I(null),g=I(null),v=I(null),b=I(null),y=I(null),O=I(null),S=I(null),w=I(!1),p=I(!1),F=I(!1),R=xe("InternalSelection","-internal-selection",Tn,Qo,e,le(e,"clsPrefix")),k=M(()=>e.clearable&&!e.disabled&&(F.value||e.active)),B=M(()=>e.selectedOption?e.renderTag?e.renderTag({option:e.selectedOption,handleClose:()=>{}}):e.renderLabel?e.renderLabel(e.selectedOption,!0):Le(e.selectedOption[e.labelField],e.selectedOption,!0):e.placeholder),H=M(()=>{const a=e.selectedOption;if(a)return a[e.labelField]}),N=M(()=>e.multiple?!!(Array.isArray(e.selectedOptions)&&e.selectedOptions.length):e.selectedOption!==null);function D(){const{value:a}=l;if(a){const{value:E}=c;E&&(E.style.width=`${a.offsetWidth}px`,e.maxTagCount!=="responsive"&&O.value?.sync({showAllItemsBeforeCalculate:!1}))}}function J(){const{value:a}=S;a&&(a.style.display="none")}function oe(){const{value:a}=S;a&&(a.style.display="inline-block")}$e(le(e,"active"),a=>{a||J()}),$e(le(e,"pattern"),()=>{e.multiple&&zt(D)});function se(a){const{onFocus:E}=e;E&&E(a)}function ce(a){const{onBlur:E}=e;E&&E(a)}function ne(a){const{onDeleteOption:E}=e;E&&E(a)}function j(a){const{onClear:E}=e;E&&E(a)}function f(a){const{onPatternInput:E}=e;E&&E(a)}function m(a){(!a.relatedTarget||!u.value?.contains(a.relatedTarget))&&se(a)}function L(a){u.value?.contains(a.relatedTarget)||ce(a)}function $(a){j(a)}function Z(){F.value=!0}function X(){F.value=!1}function V(a){!e.active||!e.filterable||a.target!==c.value&&a.preventDefault()}function ee(a){ne(a)}const q=I(!1);function ve(a){if(a.key==="Backspace"&&!q.value&&!e.pattern.length){const{selectedOptions:E}=e;E?.length&&ee(E[E.length-1])}}let ue=null;function d(a){const{value:E}=l;E&&(E.textContent=a.target.value,D()),e.ignoreComposition&&q.value?ue=a:f(a)}function _(){q.value=!0}function pe(){q.value=!1,e.ignoreComposition&&f(ue),ue=null}function Re(a){p.value=!0,e.onPatternFocus?.(a)}function ke(a){p.value=!1,e.onPatternBlur?.(a)}function be(){if(e.filterable)p.value=!1,v.value?.blur(),c.value?.blur();else if(e.multiple){const{value:a}=n;a?.blur()}else{const{value:a}=g;a?.blur()}}function fe(){e.filterable?(p.value=!1,v.value?.focus()):e.multiple?n.value?.focus():g.value?.focus()}function ze(){const{value:a}=c;a&&(oe(),a.focus())}function Ce(){const{value:a}=c;a&&a.blur()}function ye(a){const{value:E}=b;E&&E.setTextContent(`+${a}`)}function He(){const{value:a}=y;return a}function Ne(){return c.value}let Pe=null;function Ie(){Pe!==null&&window.clearTimeout(Pe)}function Ve(){e.active||(Ie(),Pe=window.setTimeout(()=>{N.value&&(w.value=!0)},100))}function Ke(){Ie()}function je(a){a||(Ie(),w.value=!1)}$e(N,a=>{a||(w.value=!1)}),Ye(()=>{Uo(()=>{const a=v.value;a&&(e.disabled?a.removeAttribute("tabindex"):a.tabIndex=p.value?-1:0)})}),qt(u,e.onResize);const{inlineThemeDisabled:Ee}=e,Ae=M(()=>{const{size:a}=e,{common:{cubicBezierEaseInOut:E},self:{fontWeight:ct,borderRadius:dt,color:ut,placeholderColor:ft,textColor:Ze,paddingSingle:Qe,paddingMultiple:Je,caretColor:ht,colorDisabled:vt,textColorDisabled:et,placeholderColorDisabled:tt,colorActive:r,boxShadowFocus:h,boxShadowActive:T,boxShadowHover:P,border:K,borderFocus:U,borderHover:Y,borderActive:ae,arrowColor:Oe,arrowColorDisabled:Xt,loadingColor:Yt,colorActiveWarning:Zt,boxShadowFocusWarning:Qt,boxShadowActiveWarning:Jt,boxShadowHoverWarning:eo,borderWarning:to,borderFocusWarning:oo,borderHoverWarning:no,borderActiveWarning:ro,colorActiveError:lo,boxShadowFocusError:io,boxShadowActiveError:ao,boxShadowHoverError:so,borderError:co,borderFocusError:uo,borderHoverError:fo,borderActiveError:ho,clearColor:vo,clearColorHover:go,clearColorPressed:po,clearSize:bo,arrowSize:mo,[te("height",a)]:Co,[te("fontSize",a)]:yo}}=R.value,ot=We(Qe),nt=We(Je);return{"--n-bezier":E,"--n-border":K,"--n-border-active":ae,"--n-border-focus":U,"--n-border-hover":Y,"--n-border-radius":dt,"--n-box-shadow-active":T,"--n-box-shadow-focus":h,"--n-box-shadow-hover":P,"--n-caret-color":ht,"--n-color":ut,"--n-color-active":r,"--n-color-disabled":vt,"--n-font-size":yo,"--n-height":Co,"--n-padding-single-top":ot.top,"--n-padding-multiple-top":nt.top,"--n-padding-single-right":ot.right,"--n-padding-multiple-right":nt.right,"--n-padding-single-left":ot.left,"--n-padding-multiple-left":nt.left,"--n-padding-single-bottom":ot.bottom,"--n-padding-multiple-bottom":nt.bottom,"--n-placeholder-color":ft,"--n-placeholder-color-disabled":tt,"--n-text-color":Ze,"--n-text-color-disabled":et,"--n-arrow-color":Oe,"--n-arrow-color-disabled":Xt,"--n-loading-color":Yt,"--n-color-active-warning":Zt,"--n-box-shadow-focus-warning":Qt,"--n-box-shadow-active-warning":Jt,"--n-box-shadow-hover-warning":eo,"--n-border-warning":to,"--n-border-focus-warning":oo,"--n-border-hover-warning":no,"--n-border-active-warning":ro,"--n-color-active-error":lo,"--n-box-shadow-focus-error":io,"--n-box-shadow-active-error":ao,"--n-box-shadow-hover-error":so,"--n-border-error":co,"--n-border-focus-error":uo,"--n-border-hover-error":fo,"--n-border-active-error":ho,"--n-clear-size":bo,"--n-clear-color":vo,"--n-clear-color-hover":go,"--n-clear-color-pressed":po,"--n-arrow-size":mo,"--n-font-weight":ct}}),Me=Ee?Xe("internal-selection",M(()=>e.size[0]),Ae,e):void 0;return{mergedTheme:R,mergedClearable:k,mergedClsPrefix:t,rtlEnabled:i,patternInputFocused:p,filterablePlaceholder:B,label:H,selected:N,showTagsPanel:w,isComposing:q,counterRef:b,counterWrapperRef:y,patternInputMirrorRef:l,patternInputRef:c,selfRef:u,multipleElRef:n,singleElRef:g,patternInputWrapperRef:v,overflowRef:O,inputTagElRef:S,handleMouseDown:V,handleFocusin:m,handleClear:$,handleMouseEnter:Z,handleMouseLeave:X,handleDeleteOption:ee,handlePatternKeyDown:ve,handlePatternInputInput:d,handlePatternInputBlur:ke,handlePatternInputFocus:Re,handleMouseEnterCounter:Ve,handleMouseLeaveCounter:Ke,handleFocusout:L,handleCompositionEnd:pe,handleCompositionStart:_,onPopoverUpdateShow:je,focus:fe,focusInput:ze,blur:be,blurInput:Ce,updateCounter:ye,getCounter:He,getTail:Ne,renderLabel:e.renderLabel,cssVars:Ee?void 0:Ae,themeClass:Me?.themeClass,onRender:Me?.onRender}},render(){const{status:e,multiple:t,size:o,disabled:i,filterable:l,maxTagCount:c,bordered:u,clsPrefix:n,ellipsisTagPopoverProps:g,onRender:v,renderTag:b,renderLabel:y}=this;v?.();const O=c==="responsive",S=typeof c=="number",w=O||S,p=(s(),G(Ho,null,{default:()=>(s(),G(Wo,{clsPrefix:n,loading:this.loading,showArrow:this.showArrow,showClear:this.mergedClearable&&this.selected,onClear:this.handleClear},{default:()=>this.$slots.arrow?.()},1032,["clsPrefix","loading","showArrow","showClear","onClear"]))},1024));let F;if(t){const{labelField:R}=this,k=j=>(s(),C("div",{class:z(`${n}-base-selection-tag-wrapper`),key:j.value},[b?(s(),C(ie,{key:0},[x(()=>b({option:j,handleClose:()=>{this.handleDeleteOption(j)}}))],64)):(s(),G(bt,{key:1,size:o,closable:!j.disabled,disabled:i,onClose:()=>{this.handleDeleteOption(j)},internalCloseIsButtonTag:!1,internalCloseFocusable:!1},{default:()=>y?y(j,!0):Le(j[R],j,!0)},1032,["size","closable","disabled","onClose"]))],2)),B=()=>(S?this.selectedOptions.slice(0,c):this.selectedOptions).map(k),H=l?(s(),C("div",{class:z(`${n}-base-selection-input-tag`),ref:"inputTagElRef",key:"__input-tag__"},[de("input",Te(this.inputProps,{ref:"patternInputRef",tabindex:-1,disabled:i,value:this.pattern,autofocus:this.autofocus,class:`${n}-base-selection-input-tag__input`,onBlur:this.handlePatternInputBlur,onFocus:this.handlePatternInputFocus,onKeydown:this.handlePatternKeyDown,onInput:this.handlePatternInputInput,onCompositionstart:this.handleCompositionStart,onCompositionend:this.handleCompositionEnd}),null,16,Pn),de("span",{ref:"patternInputMirrorRef",class:z(`${n}-base-selection-input-tag__mirror`)},[x(()=>this.pattern)],2)],2)):null,N=O?()=>(s(),C("div",{class:z(`${n}-base-selection-tag-wrapper`),ref:"counterWrapperRef"},[(s(),G(bt,{size:o,ref:"counterRef",onMouseenter:this.handleMouseEnterCounter,onMouseleave:this.handleMouseLeaveCounter,disabled:i},null,8,["size","onMouseenter","onMouseleave","disabled"]))],2)):void 0;let D;if(S){const j=this.selectedOptions.length-c;j>0&&(D=(f=>(s(),C("div",{class:z(`${n}-base-selection-tag-wrapper`),key:"__counter__"},[(s(),G(bt,{size:o,ref:"counterRef",onMouseenter:this.handleMouseEnterCounter,disabled:i},{default:()=>`+${j}`},1032,["size","onMouseenter","disabled"]))],2)))())}const J=O?l?(s(),G(_t,{key:3,ref:"overflowRef",updateCounter:this.updateCounter,getCounter:this.getCounter,getTail:this.getTail,style:{width:"100%",display:"flex",overflow:"hidden"}},{default:B,counter:N,tail:()=>H},1032,["updateCounter","getCounter","getTail"])):(s(),G(_t,{key:4,ref:"overflowRef",updateCounter:this.updateCounter,getCounter:this.getCounter,style:{width:"100%",display:"flex",overflow:"hidden"}},{default:B,counter:N},1032,["updateCounter","getCounter"])):S&&D?B().concat(D):B(),oe=w?()=>(s(),C("div",{class:z(`${n}-base-selection-popover`)},[O?(s(),C(ie,{key:0},[x(()=>B())],64)):(s(),C(ie,{key:1},[x(()=>this.selectedOptions.map(k))],64))],2)):void 0,se=w?{show:this.showTagsPanel,trigger:"hover",overlap:!0,placement:"top",width:"trigger",onUpdateShow:this.onPopoverUpdateShow,theme:this.mergedTheme.peers.Popover,themeOverrides:this.mergedTheme.peerOverrides.Popover,...g}:null,ce=!this.selected&&(!this.active||!this.pattern&&!this.isComposing)?(s(),C("div",{key:5,class:z(`${n}-base-selection-placeholder ${n}-base-selection-overlay`)},[de("div",{class:z(`${n}-base-selection-placeholder__inner`)},[x(()=>this.placeholder)],2)],2)):null,ne=l?(s(),C("div",{key:6,ref:"patternInputWrapperRef",class:z(`${n}-base-selection-tags`)},[x(()=>J),O?x(()=>null):(s(),C(ie,{key:1},[x(()=>H)],64)),x(()=>p)],2)):(s(),C("div",{key:7,ref:"multipleElRef",class:z(`${n}-base-selection-tags`),tabindex:i?void 0:0},[x(()=>J),x(()=>p)],10,In));F=(j=>(s(),C(ie,{key:8},[w?(s(),G(So,Te({key:0},se,{scrollable:!0,style:"max-height: calc(var(--v-target-height) * 6.6);"}),{trigger:()=>ne,default:oe},1040)):(s(),C(ie,{key:1},[x(()=>ne)],64)),x(()=>ce)],64)))()}else if(l){const R=this.pattern||this.isComposing,k=this.active?!R:!this.selected,B=this.active?!1:this.selected;F=(H=>(s(),C("div",{key:9,ref:"patternInputWrapperRef",class:z(`${n}-base-selection-label`),title:this.patternInputFocused?void 0:$t(this.label)},[de("input",Te(this.inputProps,{ref:"patternInputRef",class:`${n}-base-selection-input`,value:this.active?this.pattern:"",placeholder:"",readonly:i,disabled:i,tabindex:-1,autofocus:this.autofocus,onFocus:this.handlePatternInputFocus,onBlur:this.handlePatternInputBlur,onInput:this.handlePatternInputInput,onCompositionstart:this.handleCompositionStart,onCompositionend:this.handleCompositionEnd}),null,16,On),B?(s(),C("div",{class:z(`${n}-base-selection-label__render-label ${n}-base-selection-overlay`),key:"input"},[de("div",{class:z(`${n}-base-selection-overlay__wrapper`)},[b?(s(),C(ie,{key:0},[x(()=>b({option:this.selectedOption,handleClose:()=>{}}))],64)):(s(),C(ie,{key:1},[y?(s(),C(ie,{key:0},[x(()=>y(this.selectedOption,!0))],64)):(s(),C(ie,{key:1},[x(()=>Le(this.label,this.selectedOption,!0))],64))],64))],2)],2)):x(()=>null),k?(s(),C("div",{class:z(`${n}-base-selection-placeholder ${n}-base-selection-overlay`),key:"placeholder"},[de("div",{class:z(`${n}-base-selection-overlay__wrapper`)},[x(()=>this.filterablePlaceholder)],2)],2)):x(()=>null),x(()=>p)],10,Mn)))()}else F=(R=>(s(),C("div",{key:10,ref:"singleElRef",class:z(`${n}-base-selection-label`),tabindex:this.disabled?void 0:0},[this.label!==void 0?(s(),C("div",{class:z(`${n}-base-selection-input`),title:$t(this.label),key:"input"},[de("div",{class:z(`${n}-base-selection-input__content`)},[b?(s(),C(ie,{key:0},[x(()=>b({option:this.selectedOption,handleClose:()=>{}}))],64)):(s(),C(ie,{key:1},[y?(s(),C(ie,{key:0},[x(()=>y(this.selectedOption,!0))],64)):(s(),C(ie,{key:1},[x(()=>Le(this.label,this.selectedOption,!0))],64))],64))],2)],10,["title"])):(s(),C("div",{class:z(`${n}-base-selection-placeholder ${n}-base-selection-overlay`),key:"placeholder"},[de("div",{class:z(`${n}-base-selection-placeholder__inner`)},[x(()=>this.placeholder)],2)],2)),x(()=>p)],10,Bn)))();return s(),C("div",{ref:"selfRef",class:z([`${n}-base-selection`,this.rtlEnabled&&`${n}-base-selection--rtl`,this.themeClass,e&&`${n}-base-selection--${e}-status`,{[`${n}-base-selection--active`]:this.active,[`${n}-base-selection--selected`]:this.selected||this.active&&this.pattern,[`${n}-base-selection--disabled`]:this.disabled,[`${n}-base-selection--multiple`]:this.multiple,[`${n}-base-selection--focus`]:this.focused}]),style:De(this.cssVars),onClick:this.onClick,onMouseenter:this.handleMouseEnter,onMouseleave:this.handleMouseLeave,onKeydown:this.onKeydown,onFocusin:this.handleFocusin,onFocusout:this.handleFocusout,onMousedown:this.handleMouseDown},[x(()=>F),u?(s(),C("div",{key:0,class:z(`${n}-base-selection__border`)},null,2)):x(()=>null),u?(s(),C("div",{key:2,class:z(`${n}-base-selection__state-border`)},null,2)):x(()=>null)],46,_n)}}),En=he([W("select",`
 z-index: auto;
 outline: none;
 width: 100%;
 position: relative;
 font-weight: var(--n-font-weight);
 `),W("select-menu",`
 margin: 4px 0;
 box-shadow: var(--n-menu-box-shadow);
 `,[Wt({originalTransition:"background-color .3s var(--n-bezier), box-shadow .3s var(--n-bezier)"})])]);const An={...xe.props,to:yt.propTo,bordered:{type:Boolean,default:void 0},clearable:Boolean,clearCreatedOptionsOnClear:{type:Boolean,default:!0},clearFilterAfterSelect:{type:Boolean,default:!0},options:{type:Array,default:()=>[]},defaultValue:{type:[String,Number,Array],default:null},keyboard:{type:Boolean,default:!0},value:[String,Number,Array],placeholder:String,menuProps:Object,multiple:Boolean,size:String,menuSize:{type:String},filterable:Boolean,disabled:{type:Boolean,default:void 0},remote:Boolean,loading:Boolean,filter:Function,placement:{type:String,default:"bottom-start"},widthMode:{type:String,default:"trigger"},tag:Boolean,onCreate:Function,fallbackOption:{type:[Function,Boolean],default:void 0},show:{type:Boolean,default:void 0},showArrow:{type:Boolean,default:!0},maxTagCount:[Number,String],ellipsisTagPopoverProps:Object,consistentMenuWidth:{type:Boolean,default:!0},virtualScroll:{type:Boolean,default:!0},labelField:{type:String,default:"label"},valueField:{type:String,default:"value"},childrenField:{type:String,default:"children"},renderLabel:Function,renderOption:Function,renderTag:Function,"onUpdate:value":[Function,Array],inputProps:Object,nodeProps:Function,ignoreComposition:{type:Boolean,default:!0},showOnFocus:Boolean,onUpdateValue:[Function,Array],onBlur:[Function,Array],onClear:[Function,Array],onFocus:[Function,Array],onScroll:[Function,Array],onSearch:[Function,Array],onUpdateShow:[Function,Array],"onUpdate:show":[Function,Array],displayDirective:{type:String,default:"show"},resetMenuOnOptionsChange:{type:Boolean,default:!0},status:String,showCheckmark:{type:Boolean,default:!0},scrollbarProps:Object,onChange:[Function,Array],items:Array};var jn=ge({name:"Select",props:An,slots:Object,setup(e){const{mergedClsPrefixRef:t,mergedBorderedRef:o,namespaceRef:i,inlineThemeDisabled:l,mergedComponentPropsRef:c}=Ge(e),u=xe("Select","-select",En,Jo,e,t),n=I(e.defaultValue),g=le(e,"value"),v=It(g,n),b=I(!1),y=I(""),O=zo(e,["items","options"]),S=I([]),w=I([]),p=M(()=>w.value.concat(S.value).concat(O.value)),F=M(()=>{const{filter:r}=e;if(r)return r;const{labelField:h,valueField:T}=e;return(P,K)=>{if(!K)return!1;const U=K[h];if(typeof U=="string")return Ct(P,U);const Y=K[T];return typeof Y=="string"?Ct(P,Y):typeof Y=="number"?Ct(P,String(Y)):!1}}),R=M(()=>{if(e.remote)return O.value;{const{value:r}=p,{value:h}=y;return!h.length||!e.filterable?r:zn(r,F.value,h,e.childrenField)}}),k=M(()=>{const{valueField:r,childrenField:h}=e,T=Rn(r,h);return Po(R.value,T)}),B=M(()=>Fn(p.value,e.valueField,e.childrenField)),H=I(!1),N=It(le(e,"show"),H),D=I(null),J=I(null),oe=I(null),{localeRef:se}=Nt("Select"),ce=M(()=>e.placeholder??se.value.placeholder),ne=[],j=I(new Map),f=M(()=>{const{fallbackOption:r}=e;if(r===void 0){const{labelField:h,valueField:T}=e;return P=>({[h]:String(P),[T]:P})}return r===!1?!1:h=>Object.assign(r(h),{value:h})});function m(r){const h=e.remote,{value:T}=j,{value:P}=B,{value:K}=f,U=[];return r.forEach(Y=>{if(P.has(Y))U.push(P.get(Y));else if(h&&T.has(Y))U.push(T.get(Y));else if(K){const ae=K(Y);ae&&U.push(ae)}}),U}const L=M(()=>{if(e.multiple){const{value:r}=v;return Array.isArray(r)?m(r):[]}return null}),$=M(()=>{const{value:r}=v;return!e.multiple&&!Array.isArray(r)?r===null?null:m([r])[0]||null:null}),Z=Eo(e,{mergedSize:r=>{const{size:h}=e;if(h)return h;const{mergedSize:T}=r||{};if(T?.value)return T.value;const P=c?.value?.Select?.size;return P||"medium"}}),{mergedSizeRef:X,mergedDisabledRef:V,mergedStatusRef:ee}=Z;function q(r,h){const{onChange:T,"onUpdate:value":P,onUpdateValue:K}=e,{nTriggerFormChange:U,nTriggerFormInput:Y}=Z;T&&me(T,r,h),K&&me(K,r,h),P&&me(P,r,h),n.value=r,U(),Y()}function ve(r){const{onBlur:h}=e,{nTriggerFormBlur:T}=Z;h&&me(h,r),T()}function ue(){const{onClear:r}=e;r&&me(r)}function d(r){const{onFocus:h,showOnFocus:T}=e,{nTriggerFormFocus:P}=Z;h&&me(h,r),P(),T&&be()}function _(r){const{onSearch:h}=e;h&&me(h,r)}function pe(r){const{onScroll:h}=e;h&&me(h,r)}function Re(){const{remote:r,multiple:h}=e;if(r){const{value:T}=j;if(h){const{valueField:P}=e;L.value?.forEach(K=>{T.set(K[P],K)})}else{const P=$.value;P&&T.set(P[e.valueField],P)}}}function ke(r){const{onUpdateShow:h,"onUpdate:show":T}=e;h&&me(h,r),T&&me(T,r),H.value=r}function be(){V.value||(ke(!0),H.value=!0,e.filterable&&Je())}function fe(){ke(!1)}function ze(){y.value="",w.value=ne}const Ce=I(!1);function ye(){e.filterable&&(Ce.value=!0)}function He(){e.filterable&&(Ce.value=!1,N.value||ze())}function Ne(){V.value||(N.value?e.filterable?Je():fe():be())}function Pe(r){oe.value?.selfRef?.contains(r.relatedTarget)||(b.value=!1,ve(r),fe())}function Ie(r){d(r),b.value=!0}function Ve(){b.value=!0}function Ke(r){D.value?.$el.contains(r.relatedTarget)||(b.value=!1,ve(r),fe())}function je(){D.value?.focus(),fe()}function Ee(r){N.value&&(D.value?.$el.contains(No(r))||fe())}function Ae(r){if(!Array.isArray(r))return[];if(f.value)return Array.from(r);{const{remote:h}=e,{value:T}=B;if(h){const{value:P}=j;return r.filter(K=>T.has(K)||P.has(K))}else return r.filter(P=>T.has(P))}}function Me(r){a(r.rawNode)}function a(r){if(V.value)return;const{tag:h,remote:T,clearFilterAfterSelect:P,valueField:K}=e;if(h&&!T){const{value:U}=w,Y=U[0]||null;if(Y){const ae=S.value;ae.length?ae.push(Y):S.value=[Y],w.value=ne}}if(T&&j.value.set(r[K],r),e.multiple){const U=Ae(v.value),Y=U.findIndex(ae=>ae===r[K]);if(~Y){if(U.splice(Y,1),h&&!T){const ae=E(r[K]);~ae&&(S.value.splice(ae,1),P&&(y.value=""))}}else U.push(r[K]),P&&(y.value="");q(U,m(U))}else{if(h&&!T){const U=E(r[K]);~U?S.value=[S.value[U]]:S.value=ne}Qe(),fe(),q(r[K],r)}}function E(r){return S.value.findIndex(h=>h[e.valueField]===r)}function ct(r){N.value||be();const{value:h}=r.target;y.value=h;const{tag:T,remote:P}=e;if(_(h),T&&!P){if(!h){w.value=ne;return}const{onCreate:K}=e,U=K?K(h):{[e.labelField]:h,[e.valueField]:h},{valueField:Y,labelField:ae}=e;O.value.some(Oe=>Oe[Y]===U[Y]||Oe[ae]===U[ae])||S.value.some(Oe=>Oe[Y]===U[Y]||Oe[ae]===U[ae])?w.value=ne:w.value=[U]}}function dt(r){r.stopPropagation();const{multiple:h,tag:T,remote:P,clearCreatedOptionsOnClear:K}=e;!h&&e.filterable&&fe(),T&&!P&&K&&(S.value=ne),ue(),h?q([],[]):q(null,null)}function ut(r){!qe(r,"action")&&!qe(r,"empty")&&!qe(r,"header")&&r.preventDefault()}function ft(r){pe(r)}function Ze(r){if(!e.keyboard){r.preventDefault();return}switch(r.key){case" ":if(e.filterable)break;r.preventDefault();case"Enter":if(!D.value?.isComposing){if(N.value){const h=oe.value?.getPendingTmNode();h?Me(h):e.filterable||(fe(),Qe())}else if(be(),e.tag&&Ce.value){const h=w.value[0];if(h){const T=h[e.valueField],{value:P}=v;e.multiple&&Array.isArray(P)&&P.includes(T)||a(h)}}}r.preventDefault();break;case"ArrowUp":if(r.preventDefault(),e.loading)return;N.value&&oe.value?.prev();break;case"ArrowDown":if(r.preventDefault(),e.loading)return;N.value?oe.value?.next():be();break;case"Escape":N.value&&(Mo(r),fe()),D.value?.focus()}}function Qe(){D.value?.focus()}function Je(){D.value?.focusInput()}function ht(){N.value&&J.value?.syncPosition()}Re(),$e(le(e,"options"),Re);const vt={focus:()=>{D.value?.focus()},focusInput:()=>{D.value?.focusInput()},blur:()=>{D.value?.blur()},blurInput:()=>{D.value?.blurInput()}},et=M(()=>{const{self:{menuBoxShadow:r}}=u.value;return{"--n-menu-box-shadow":r}}),tt=l?Xe("select",void 0,et,e):void 0;return{...vt,mergedStatus:ee,mergedClsPrefix:t,mergedBordered:o,namespace:i,treeMate:k,isMounted:Ao(),triggerRef:D,menuRef:oe,pattern:y,uncontrolledShow:H,mergedShow:N,adjustedTo:yt(e),uncontrolledValue:n,mergedValue:v,followerRef:J,localizedPlaceholder:ce,selectedOption:$,selectedOptions:L,mergedSize:X,mergedDisabled:V,focused:b,activeWithoutMenuOpen:Ce,inlineThemeDisabled:l,onTriggerInputFocus:ye,onTriggerInputBlur:He,handleTriggerOrMenuResize:ht,handleMenuFocus:Ve,handleMenuBlur:Ke,handleMenuTabOut:je,handleTriggerClick:Ne,handleToggle:Me,handleDeleteOption:a,handlePatternInput:ct,handleClear:dt,handleTriggerBlur:Pe,handleTriggerFocus:Ie,handleKeydown:Ze,handleMenuAfterLeave:ze,handleMenuClickOutside:Ee,handleMenuScroll:ft,handleMenuKeydown:Ze,handleMenuMousedown:ut,mergedTheme:u,cssVars:l?void 0:et,themeClass:tt?.themeClass,onRender:tt?.onRender}},render(){return s(),C("div",{class:z(`${this.mergedClsPrefix}-select`)},[qo(Ro,null,{_:1,default:Fe(()=>[(s(),G(Fo,null,{_:1,default:Fe(()=>(s(),G($n,{ref:"triggerRef",inlineThemeDisabled:this.inlineThemeDisabled,status:this.mergedStatus,inputProps:this.inputProps,clsPrefix:this.mergedClsPrefix,showArrow:this.showArrow,maxTagCount:this.maxTagCount,ellipsisTagPopoverProps:this.ellipsisTagPopoverProps,bordered:this.mergedBordered,active:this.activeWithoutMenuOpen||this.mergedShow,pattern:this.pattern,placeholder:this.localizedPlaceholder,selectedOption:this.selectedOption,selectedOptions:this.selectedOptions,multiple:this.multiple,renderTag:this.renderTag,renderLabel:this.renderLabel,filterable:this.filterable,clearable:this.clearable,disabled:this.mergedDisabled,size:this.mergedSize,theme:this.mergedTheme.peers.InternalSelection,labelField:this.labelField,valueField:this.valueField,themeOverrides:this.mergedTheme.peerOverrides.InternalSelection,loading:this.loading,focused:this.focused,onClick:this.handleTriggerClick,onDeleteOption:this.handleDeleteOption,onPatternInput:this.handlePatternInput,onClear:this.handleClear,onBlur:this.handleTriggerBlur,onFocus:this.handleTriggerFocus,onKeydown:this.handleKeydown,onPatternBlur:this.onTriggerInputBlur,onPatternFocus:this.onTriggerInputFocus,onResize:this.handleTriggerOrMenuResize,ignoreComposition:this.ignoreComposition},{_:1,arrow:Fe(()=>[this.$slots.arrow?.()])},8,["inlineThemeDisabled","status","inputProps","clsPrefix","showArrow","maxTagCount","ellipsisTagPopoverProps","bordered","active","pattern","placeholder","selectedOption","selectedOptions","multiple","renderTag","renderLabel","filterable","clearable","disabled","size","theme","labelField","valueField","themeOverrides","loading","focused","onClick","onDeleteOption","onPatternInput","onClear","onBlur","onFocus","onKeydown","onPatternBlur","onPatternFocus","onResize","ignoreComposition"])))})),(s(),G(To,{ref:"followerRef",show:this.mergedShow,to:this.adjustedTo,teleportDisabled:this.adjustedTo===yt.tdkey,containerClass:this.namespace,width:this.consistentMenuWidth?"target":void 0,minWidth:"target",placement:this.placement},{_:1,default:Fe(()=>(s(),G(Ht,{name:"fade-in-scale-up-transition",appear:this.isMounted,onAfterLeave:this.handleMenuAfterLeave},{_:1,default:Fe(()=>this.mergedShow||this.displayDirective==="show"?(this.onRender?.(),Go((s(),G(Sn,Te(this.menuProps,{ref:"menuRef",onResize:this.handleTriggerOrMenuResize,inlineThemeDisabled:this.inlineThemeDisabled,virtualScroll:this.consistentMenuWidth&&this.virtualScroll,class:[`${this.mergedClsPrefix}-select-menu`,this.themeClass,this.menuProps?.class],clsPrefix:this.mergedClsPrefix,focusable:!0,labelField:this.labelField,valueField:this.valueField,autoPending:!0,nodeProps:this.nodeProps,theme:this.mergedTheme.peers.InternalSelectMenu,themeOverrides:this.mergedTheme.peerOverrides.InternalSelectMenu,treeMate:this.treeMate,multiple:this.multiple,size:this.menuSize,renderOption:this.renderOption,renderLabel:this.renderLabel,value:this.mergedValue,style:[this.menuProps?.style,this.cssVars],onToggle:this.handleToggle,onScroll:this.handleMenuScroll,onFocus:this.handleMenuFocus,onBlur:this.handleMenuBlur,onKeydown:this.handleMenuKeydown,onTabOut:this.handleMenuTabOut,onMousedown:this.handleMenuMousedown,show:this.mergedShow,showCheckmark:this.showCheckmark,resetMenuOnOptionsChange:this.resetMenuOnOptionsChange,scrollbarProps:this.scrollbarProps}),{_:1,empty:Fe(()=>[this.$slots.empty?.()]),header:Fe(()=>[this.$slots.header?.()]),action:Fe(()=>[this.$slots.action?.()])},16,["onResize","inlineThemeDisabled","virtualScroll","class","clsPrefix","labelField","valueField","nodeProps","theme","themeOverrides","treeMate","multiple","size","renderOption","renderLabel","value","style","onToggle","onScroll","onFocus","onBlur","onKeydown","onTabOut","onMousedown","show","showCheckmark","resetMenuOnOptionsChange","scrollbarProps"])),this.displayDirective==="show"?[[Lo,this.mergedShow],[Ft,this.handleMenuClickOutside,void 0,{capture:!0}]]:[[Ft,this.handleMenuClickOutside,void 0,{capture:!0}]])):null)},8,["appear","onAfterLeave"])))},8,["show","to","teleportDisabled","containerClass","width","placement"]))])})],2)}});export{jn as S};
