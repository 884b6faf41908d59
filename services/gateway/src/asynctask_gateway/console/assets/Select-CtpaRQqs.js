import{C as e,D as t,O as n,T as r,_ as i,a,b as o,c as s,d as c,f as l,h as u,i as d,m as f,p,r as m,s as h,t as g,v as _,y as v}from"./light-vdQJCOMW.js";import{a as y,i as b,l as x,n as S,r as C}from"./event-DnS2MCAY.js";import{A as w,B as T,D as E,E as D,F as O,G as k,J as A,K as j,L as M,M as N,Mt as P,N as F,Nt as I,Ot as L,P as ee,Pt as R,Q as te,R as ne,S as re,T as ie,W as z,X as ae,et as oe,jt as B,kt as V,z as se}from"./say-D7a8DS7j.js";import{r as ce,t as le}from"./Suffix-mdBCB9kU.js";import{B as H,D as ue,Ht as de,J as fe,Ut as pe,Yt as me,_ as U,b as W,ct as G,er as he,et as K,g as q,gt as ge,it as _e,k as J,mt as Y,nt as ve,o as X,ot as ye,tt as be,v as Z,vn as Q,wn as $,xt as xe}from"./runtime-core.esm-bundler-wlpNGAAZ.js";import{_ as Se,a as Ce,c as we,d as Te,g as Ee,h as De,i as Oe,m as ke,n as Ae,s as je}from"./replaceable-Dhx26sYV.js";import{C as Me,O as Ne}from"./Icon-fTKZJVn9.js";var Pe=J({name:`Empty`,render(){return(()=>{let e=z(`15c1a247ae156450`);return e[0]||=U(`svg`,{viewBox:`0 0 28 28`,fill:`none`,xmlns:`http://www.w3.org/2000/svg`},[U(`path`,{d:`M26 7.5C26 11.0899 23.0899 14 19.5 14C15.9101 14 13 11.0899 13 7.5C13 3.91015 15.9101 1 19.5 1C23.0899 1 26 3.91015 26 7.5ZM16.8536 4.14645C16.6583 3.95118 16.3417 3.95118 16.1464 4.14645C15.9512 4.34171 15.9512 4.65829 16.1464 4.85355L18.7929 7.5L16.1464 10.1464C15.9512 10.3417 15.9512 10.6583 16.1464 10.8536C16.3417 11.0488 16.6583 11.0488 16.8536 10.8536L19.5 8.20711L22.1464 10.8536C22.3417 11.0488 22.6583 11.0488 22.8536 10.8536C23.0488 10.6583 23.0488 10.3417 22.8536 10.1464L20.2071 7.5L22.8536 4.85355C23.0488 4.65829 23.0488 4.34171 22.8536 4.14645C22.6583 3.95118 22.3417 3.95118 22.1464 4.14645L19.5 6.79289L16.8536 4.14645Z`,fill:`currentColor`}),U(`path`,{d:`M25 22.75V12.5991C24.5572 13.0765 24.053 13.4961 23.5 13.8454V16H17.5L17.3982 16.0068C17.0322 16.0565 16.75 16.3703 16.75 16.75C16.75 18.2688 15.5188 19.5 14 19.5C12.4812 19.5 11.25 18.2688 11.25 16.75L11.2432 16.6482C11.1935 16.2822 10.8797 16 10.5 16H4.5V7.25C4.5 6.2835 5.2835 5.5 6.25 5.5H12.2696C12.4146 4.97463 12.6153 4.47237 12.865 4H6.25C4.45507 4 3 5.45507 3 7.25V22.75C3 24.5449 4.45507 26 6.25 26H21.75C23.5449 26 25 24.5449 25 22.75ZM4.5 22.75V17.5H9.81597L9.85751 17.7041C10.2905 19.5919 11.9808 21 14 21L14.215 20.9947C16.2095 20.8953 17.842 19.4209 18.184 17.5H23.5V22.75C23.5 23.7165 22.7165 24.5 21.75 24.5H6.25C5.2835 24.5 4.5 23.7165 4.5 22.75Z`,fill:`currentColor`})],-1)})()}}),Fe=V(`empty`,`
 display: flex;
 flex-direction: column;
 align-items: center;
 font-size: var(--n-font-size);
`,[B(`icon`,`
 width: var(--n-icon-size);
 height: var(--n-icon-size);
 font-size: var(--n-icon-size);
 line-height: var(--n-icon-size);
 color: var(--n-icon-color);
 transition:
 color .3s var(--n-bezier);
 `,[L(`+`,[B(`description`,`
 margin-top: 8px;
 `)])]),B(`description`,`
 transition: color .3s var(--n-bezier);
 color: var(--n-text-color);
 `),B(`extra`,`
 text-align: center;
 transition: color .3s var(--n-bezier);
 margin-top: 12px;
 color: var(--n-extra-text-color);
 `)]),Ie={...M.props,description:String,showDescription:{type:Boolean,default:!0},showIcon:{type:Boolean,default:!0},size:{type:String,default:`medium`},renderIcon:Function},Le=J({name:`Empty`,props:Ie,slots:Object,setup(e){let{mergedClsPrefixRef:t,inlineThemeDisabled:n,mergedComponentPropsRef:i}=te(e),a=M(`Empty`,`-empty`,Fe,r,e,t),{localeRef:o}=ce(`Empty`),s=q(()=>e.description??i?.value?.Empty?.description),c=q(()=>i?.value?.Empty?.renderIcon||(()=>(Y(),Z(Pe)))),l=q(()=>{let{size:t}=e,{common:{cubicBezierEaseInOut:n},self:{[R(`iconSize`,t)]:r,[R(`fontSize`,t)]:i,textColor:o,iconColor:s,extraTextColor:c}}=a.value;return{"--n-icon-size":r,"--n-font-size":i,"--n-bezier":n,"--n-text-color":o,"--n-icon-color":s,"--n-extra-text-color":c}}),u=n?ne(`empty`,q(()=>{let t=``,{size:n}=e;return t+=n[0],t}),l,e):void 0;return{mergedClsPrefix:t,mergedRenderIcon:c,localizedDescription:q(()=>s.value||o.value.description),cssVars:n?void 0:l,themeClass:u?.themeClass,onRender:u?.onRender}},render(){let{$slots:e,mergedClsPrefix:t,onRender:n}=this;return n?.(),Y(),W(`div`,{class:k([`${t}-empty`,this.themeClass]),style:he(this.cssVars)},[this.showIcon?(Y(),W(`div`,{key:0,class:k(`${t}-empty__icon`)},[e.icon?(Y(),W(X,{key:0},[A(()=>e.icon())],64)):(Y(),Z(Te,{key:1,clsPrefix:t},{default:this.mergedRenderIcon},1032,[`clsPrefix`]))],2)):A(()=>null),this.showDescription?(Y(),W(`div`,{key:2,class:k(`${t}-empty__description`)},[e.default?(Y(),W(X,{key:0},[A(()=>e.default())],64)):(Y(),W(X,{key:1},[A(()=>this.localizedDescription)],64))],2)):A(()=>null),e.extra?(Y(),W(`div`,{key:4,class:k(`${t}-empty__extra`)},[A(()=>e.extra())],2)):A(()=>null)],6)}});function Re(e){return e&-e}var ze=class{constructor(e,t){this.l=e,this.min=t;let n=Array(e+1);for(let t=0;t<e+1;++t)n[t]=0;this.ft=n}add(e,t){if(t===0)return;let{l:n,ft:r}=this;for(e+=1;e<=n;)r[e]+=t,e+=Re(e)}get(e){return this.sum(e+1)-this.sum(e)}sum(e){if(e===void 0&&(e=this.l),e<=0)return 0;let{ft:t,min:n,l:r}=this;if(e>r)throw Error("[FinweckTree.sum]: `i` is larger than length.");let i=e*n;for(;e>0;)i+=t[e],e-=Re(e);return i}getBound(e){let t=0,n=this.l;for(;n>t;){let r=Math.floor((t+n)/2),i=this.sum(r);if(i>e)n=r;else if(i<e){if(t===r)return this.sum(t+1)<=e?t+1:r;t=r}else return r}return t}},Be;function Ve(){return typeof document>`u`?!1:(Be===void 0&&(Be=`matchMedia`in window&&window.matchMedia(`(pointer:coarse)`).matches),Be)}var He;function Ue(){return typeof document>`u`?1:(He===void 0&&(He=`chrome`in window?window.devicePixelRatio:1),He)}var We=`VVirtualListXScroll`;function Ge({columnsRef:e,renderColRef:t,renderItemWithColsRef:n}){let r=Q(0),i=Q(0),a=q(()=>{let t=e.value;if(t.length===0)return null;let n=new ze(t.length,0);return t.forEach((e,t)=>{n.add(t,e.width)}),n}),o=O(()=>{let e=a.value;return e===null?0:Math.max(e.getBound(i.value)-1,0)}),s=e=>{let t=a.value;return t===null?0:t.sum(e)},c=O(()=>{let t=a.value;return t===null?0:Math.min(t.getBound(i.value+r.value)+1,e.value.length-1)});return ge(We,{startIndexRef:o,endIndexRef:c,columnsRef:e,renderColRef:t,renderItemWithColsRef:n,getLeft:s}),{listWidthRef:r,scrollLeftRef:i}}var Ke=J({name:`VirtualListRow`,props:{index:{type:Number,required:!0},item:{type:Object,required:!0}},setup(){let{startIndexRef:e,endIndexRef:t,columnsRef:n,getLeft:r,renderColRef:i,renderItemWithColsRef:a}=fe(We);return{startIndex:e,endIndex:t,columns:n,renderCol:i,renderItemWithCols:a,getLeft:r}},render(){let{startIndex:e,endIndex:t,columns:n,renderCol:r,renderItemWithCols:i,getLeft:a,item:o}=this;if(i!=null)return i({itemIndex:this.index,startColIndex:e,endColIndex:t,allColumns:n,item:o,getLeft:a});if(r!=null){let i=[];for(let s=e;s<=t;++s){let e=n[s];i.push(r({column:e,left:a(s),item:o}))}return i}return null}}),qe=l(`.v-vl`,{maxHeight:`inherit`,height:`100%`,overflow:`auto`,minWidth:`1px`},[l(`&:not(.v-vl--show-scrollbar)`,{scrollbarWidth:`none`},[l(`&::-webkit-scrollbar, &::-webkit-scrollbar-track-piece, &::-webkit-scrollbar-thumb`,{width:0,height:0,display:`none`})])]),Je=J({name:`VirtualList`,inheritAttrs:!1,props:{showScrollbar:{type:Boolean,default:!0},columns:{type:Array,default:()=>[]},renderCol:Function,renderItemWithCols:Function,items:{type:Array,default:()=>[]},itemSize:{type:Number,required:!0},itemResizable:Boolean,itemsStyle:[String,Object],visibleItemsTag:{type:[String,Object],default:`div`},visibleItemsProps:Object,ignoreItemResize:Boolean,onScroll:Function,onWheel:Function,onResize:Function,defaultScrollKey:[Number,String],defaultScrollIndex:Number,keyField:{type:String,default:`key`},paddingTop:{type:[Number,String],default:0},paddingBottom:{type:[Number,String],default:0}},setup(e){let t=ae();qe.mount({id:`vueuc/virtual-list`,head:!0,anchorMetaName:p,ssr:t}),G(()=>{let{defaultScrollIndex:t,defaultScrollKey:n}=e;t==null?n!=null&&v({key:n}):v({index:t})});let r=!1,i=!1;ve(()=>{r=!1,i?v({top:h.value,left:s.value}):i=!0}),ye(()=>{r=!0,i||=!0});let a=O(()=>{if(e.renderCol==null&&e.renderItemWithCols==null||e.columns.length===0)return;let t=0;return e.columns.forEach(e=>{t+=e.width}),t}),o=q(()=>{let t=new Map,{keyField:n}=e;return e.items.forEach((e,r)=>{t.set(e[n],r)}),t}),{scrollLeftRef:s,listWidthRef:c}=Ge({columnsRef:$(e,`columns`),renderColRef:$(e,`renderCol`),renderItemWithColsRef:$(e,`renderItemWithCols`)}),l=Q(null),u=Q(void 0),d=new Map,f=q(()=>{let{items:t,itemSize:n,keyField:r}=e,i=new ze(t.length,n);return t.forEach((e,t)=>{let n=e[r],a=d.get(n);a!==void 0&&i.add(t,a)}),i}),m=Q(0),h=Q(0),g=O(()=>Math.max(f.value.getBound(h.value-ke(e.paddingTop))-1,0)),_=q(()=>{let{value:t}=u;if(t===void 0)return[];let{items:n,itemSize:r}=e,i=g.value,a=Math.min(i+Math.ceil(t/r+1),n.length-1),o=[];for(let e=i;e<=a;++e)o.push(n[e]);return o}),v=(e,t)=>{if(typeof e==`number`){S(e,t,`auto`);return}let{left:n,top:r,index:i,key:a,position:s,behavior:c,debounce:l=!0}=e;if(n!==void 0||r!==void 0)S(n,r,c);else if(i!==void 0)x(i,c,l);else if(a!==void 0){let e=o.value.get(a);e!==void 0&&x(e,c,l)}else s===`bottom`?S(0,2**53-1,c):s===`top`&&S(0,0,c)},y,b=null;function x(t,n,r){let i=l.value;if(i==null)return;let{value:a}=f,o=a.sum(t)+ke(e.paddingTop);if(!r)i.scrollTo({left:0,top:o,behavior:n});else{y=t,b!==null&&window.clearTimeout(b),b=window.setTimeout(()=>{y=void 0,b=null},16);let{scrollTop:e,offsetHeight:r}=i;if(o>e){let s=a.get(t);o+s<=e+r||i.scrollTo({left:0,top:o+s-r,behavior:n})}else i.scrollTo({left:0,top:o,behavior:n})}}function S(e,t,n){l.value?.scrollTo({left:e,top:t,behavior:n})}function C(t,n){if(r||e.ignoreItemResize||j(n.target))return;let{value:i}=f,a=o.value.get(t),s=i.get(a),c=n.borderBoxSize?.[0]?.blockSize??n.contentRect.height;if(c===s)return;c-e.itemSize===0?d.delete(t):d.set(t,c-e.itemSize);let u=c-s;if(u===0)return;i.add(a,u);let p=l.value;if(p!=null){if(y===void 0){let e=i.sum(a);p.scrollTop>e&&p.scrollBy(0,u)}else(a<y||a===y&&c+i.sum(a)>p.scrollTop+p.offsetHeight)&&p.scrollBy(0,u);A()}m.value++}let w=!Ve(),T=!1;function E(t){var n;(n=e.onScroll)==null||n.call(e,t),w&&T||A()}function D(t){var r;if((r=e.onWheel)==null||r.call(e,t),w){let e=l.value;if(e!=null){if(t.deltaX===0&&(e.scrollTop===0&&t.deltaY<=0||e.scrollTop+e.offsetHeight>=e.scrollHeight&&t.deltaY>=0))return;t.preventDefault(),e.scrollTop+=t.deltaY/Ue(),e.scrollLeft+=t.deltaX/Ue(),A(),T=!0,n(()=>{T=!1})}}}function k(t){if(r||j(t.target))return;if(e.renderCol==null&&e.renderItemWithCols==null){if(t.contentRect.height===u.value)return}else if(t.contentRect.height===u.value&&t.contentRect.width===c.value)return;u.value=t.contentRect.height,c.value=t.contentRect.width;let{onResize:n}=e;n!==void 0&&n(t)}function A(){let{value:e}=l;e!=null&&(h.value=e.scrollTop,s.value=e.scrollLeft)}function j(e){let t=e;for(;t!==null;){if(t.style.display===`none`)return!0;t=t.parentElement}return!1}return{listHeight:u,listStyle:{overflow:`auto`},keyToIndex:o,itemsStyle:q(()=>{let{itemResizable:t}=e,n=Ee(f.value.sum());return m.value,[e.itemsStyle,{boxSizing:`content-box`,width:Ee(a.value),height:t?``:n,minHeight:t?n:``,paddingTop:Ee(e.paddingTop),paddingBottom:Ee(e.paddingBottom)}]}),visibleItemsStyle:q(()=>(m.value,{transform:`translateY(${Ee(f.value.sum(g.value))})`})),viewportItems:_,listElRef:l,itemsElRef:Q(null),scrollTo:v,handleListResize:k,handleListScroll:E,handleListWheel:D,handleItemResize:C}},render(){let{itemResizable:e,keyField:t,keyToIndex:n,visibleItemsTag:r}=this;return H(Oe,{onResize:this.handleListResize},{default:()=>{var i;return H(`div`,K(this.$attrs,{class:[`v-vl`,this.showScrollbar&&`v-vl--show-scrollbar`],onScroll:this.handleListScroll,onWheel:this.handleListWheel,ref:`listElRef`}),[this.items.length===0?(i=this.$slots).empty?.call(i):H(`div`,{ref:`itemsElRef`,class:`v-vl-items`,style:this.itemsStyle},[H(r,Object.assign({class:`v-vl-visible-items`,style:this.visibleItemsStyle},this.visibleItemsProps),{default:()=>{let{renderCol:r,renderItemWithCols:i}=this;return this.viewportItems.map(a=>{let o=a[t],s=n.get(o),c=r==null?void 0:H(Ke,{index:s,item:a}),l=i==null?void 0:H(Ke,{index:s,item:a}),u=this.$slots.default({item:a,renderedCols:c,renderedItemWithCols:l,index:s})[0];return e?H(Oe,{key:o,onResize:e=>this.handleItemResize(o,e)},{default:()=>u}):(u.key=o,u)})}})])])}})}}),Ye=`v-hidden`,Xe=l(`[v-hidden]`,{display:`none!important`}),Ze=J({name:`Overflow`,props:{getCounter:Function,getTail:Function,updateCounter:Function,onUpdateCount:Function,onUpdateOverflow:Function},setup(e,{slots:t}){let n=Q(null),r=Q(null);function i(i){let{value:a}=n,{getCounter:o,getTail:s}=e,c;if(c=o===void 0?r.value:o(),!a||!c)return;c.hasAttribute(Ye)&&c.removeAttribute(Ye);let{children:l}=a;if(i.showAllItemsBeforeCalculate)for(let e of l)e.hasAttribute(Ye)&&e.removeAttribute(Ye);let u=a.offsetWidth,d=[],f=t.tail?s?.():null,p=f?f.offsetWidth:0,m=!1,h=a.children.length-+!!t.tail;for(let t=0;t<h-1;++t){if(t<0)continue;let n=l[t];if(m){n.hasAttribute(Ye)||n.setAttribute(Ye,``);continue}n.hasAttribute(Ye)&&n.removeAttribute(Ye);let r=n.offsetWidth;if(p+=r,d[t]=r,p>u){let{updateCounter:n}=e;for(let r=t;r>=0;--r){let i=h-1-r;n===void 0?c.textContent=`${i}`:n(i);let a=c.offsetWidth;if(p-=d[r],p+a<=u||r===0){m=!0,t=r-1,f&&(t===-1?(f.style.maxWidth=`${u-a}px`,f.style.boxSizing=`border-box`):f.style.maxWidth=``);let{onUpdateCount:n}=e;n&&n(i);break}}}}let{onUpdateOverflow:g}=e;m?g!==void 0&&g(!0):(g!==void 0&&g(!1),c.setAttribute(Ye,``))}let a=ae();return Xe.mount({id:`vueuc/overflow`,head:!0,anchorMetaName:p,ssr:a}),G(()=>i({showAllItemsBeforeCalculate:!1})),{selfRef:n,counterRef:r,sync:i}},render(){let{$slots:e}=this;return be(()=>this.sync({showAllItemsBeforeCalculate:!1})),H(`div`,{class:`v-overflow`,ref:`selfRef`},[xe(e,`default`),e.counter?e.counter():H(`span`,{style:{display:`inline-block`},ref:`counterRef`}),e.tail?e.tail():null])}});function Qe(e){let{textColor2:t,primaryColorHover:n,primaryColorPressed:r,primaryColor:i,infoColor:a,successColor:o,warningColor:s,errorColor:c,baseColor:l,borderColor:u,opacityDisabled:d,tagColor:f,closeIconColor:p,closeIconColorHover:m,closeIconColorPressed:g,borderRadiusSmall:_,fontSizeMini:v,fontSizeTiny:y,fontSizeSmall:b,fontSizeMedium:x,heightMini:S,heightTiny:C,heightSmall:w,heightMedium:E,closeColorHover:D,closeColorPressed:O,buttonColor2Hover:k,buttonColor2Pressed:A,fontWeightStrong:j}=e;return{...h,closeBorderRadius:_,heightTiny:S,heightSmall:C,heightMedium:w,heightLarge:E,borderRadius:_,opacityDisabled:d,fontSizeTiny:v,fontSizeSmall:y,fontSizeMedium:b,fontSizeLarge:x,fontWeightStrong:j,textColorCheckable:t,textColorHoverCheckable:t,textColorPressedCheckable:t,textColorChecked:l,colorCheckable:`#0000`,colorHoverCheckable:k,colorPressedCheckable:A,colorChecked:i,colorCheckedHover:n,colorCheckedPressed:r,border:`1px solid ${u}`,textColor:t,color:f,colorBordered:`rgb(250, 250, 252)`,closeIconColor:p,closeIconColorHover:m,closeIconColorPressed:g,closeColorHover:D,closeColorPressed:O,borderPrimary:`1px solid ${T(i,{alpha:.3})}`,textColorPrimary:i,colorPrimary:T(i,{alpha:.12}),colorBorderedPrimary:T(i,{alpha:.1}),closeIconColorPrimary:i,closeIconColorHoverPrimary:i,closeIconColorPressedPrimary:i,closeColorHoverPrimary:T(i,{alpha:.12}),closeColorPressedPrimary:T(i,{alpha:.18}),borderInfo:`1px solid ${T(a,{alpha:.3})}`,textColorInfo:a,colorInfo:T(a,{alpha:.12}),colorBorderedInfo:T(a,{alpha:.1}),closeIconColorInfo:a,closeIconColorHoverInfo:a,closeIconColorPressedInfo:a,closeColorHoverInfo:T(a,{alpha:.12}),closeColorPressedInfo:T(a,{alpha:.18}),borderSuccess:`1px solid ${T(o,{alpha:.3})}`,textColorSuccess:o,colorSuccess:T(o,{alpha:.12}),colorBorderedSuccess:T(o,{alpha:.1}),closeIconColorSuccess:o,closeIconColorHoverSuccess:o,closeIconColorPressedSuccess:o,closeColorHoverSuccess:T(o,{alpha:.12}),closeColorPressedSuccess:T(o,{alpha:.18}),borderWarning:`1px solid ${T(s,{alpha:.35})}`,textColorWarning:s,colorWarning:T(s,{alpha:.15}),colorBorderedWarning:T(s,{alpha:.12}),closeIconColorWarning:s,closeIconColorHoverWarning:s,closeIconColorPressedWarning:s,closeColorHoverWarning:T(s,{alpha:.12}),closeColorPressedWarning:T(s,{alpha:.18}),borderError:`1px solid ${T(c,{alpha:.23})}`,textColorError:c,colorError:T(c,{alpha:.1}),colorBorderedError:T(c,{alpha:.08}),closeIconColorError:c,closeIconColorHoverError:c,closeIconColorPressedError:c,closeColorHoverError:T(c,{alpha:.12}),closeColorPressedError:T(c,{alpha:.18})}}var $e={name:`Tag`,common:se,self:Qe},et={color:Object,type:{type:String,default:`default`},round:Boolean,size:String,closable:Boolean,disabled:{type:Boolean,default:void 0}},tt=V(`tag`,`
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
`,[P(`strong`,`
 font-weight: var(--n-font-weight-strong);
 `),B(`border`,`
 pointer-events: none;
 position: absolute;
 left: 0;
 right: 0;
 top: 0;
 bottom: 0;
 border-radius: inherit;
 border: var(--n-border);
 transition: border-color .3s var(--n-bezier);
 `),B(`icon`,`
 display: flex;
 margin: 0 4px 0 0;
 color: var(--n-text-color);
 transition: color .3s var(--n-bezier);
 font-size: var(--n-avatar-size-override);
 `),B(`avatar`,`
 display: flex;
 margin: 0 6px 0 0;
 `),B(`close`,`
 margin: var(--n-close-margin);
 transition:
 background-color .3s var(--n-bezier),
 color .3s var(--n-bezier);
 `),P(`round`,`
 padding: 0 calc(var(--n-height) / 3);
 border-radius: calc(var(--n-height) / 2);
 `,[B(`icon`,`
 margin: 0 4px 0 calc((var(--n-height) - 8px) / -2);
 `),B(`avatar`,`
 margin: 0 6px 0 calc((var(--n-height) - 8px) / -2);
 `),P(`closable`,`
 padding: 0 calc(var(--n-height) / 4) 0 calc(var(--n-height) / 3);
 `)]),P(`icon, avatar`,[P(`round`,`
 padding: 0 calc(var(--n-height) / 3) 0 calc(var(--n-height) / 2);
 `)]),P(`disabled`,`
 cursor: not-allowed !important;
 opacity: var(--n-opacity-disabled);
 `),P(`checkable`,`
 cursor: pointer;
 box-shadow: none;
 color: var(--n-text-color-checkable);
 background-color: var(--n-color-checkable);
 `,[I(`disabled`,[L(`&:hover`,`background-color: var(--n-color-hover-checkable);`,[I(`checked`,`color: var(--n-text-color-hover-checkable);`)]),L(`&:active`,`background-color: var(--n-color-pressed-checkable);`,[I(`checked`,`color: var(--n-text-color-pressed-checkable);`)])]),P(`checked`,`
 color: var(--n-text-color-checked);
 background-color: var(--n-color-checked);
 `,[I(`disabled`,[L(`&:hover`,`background-color: var(--n-color-checked-hover);`),L(`&:active`,`background-color: var(--n-color-checked-pressed);`)])])])]),nt=[`onClick`,`onMouseenter`,`onMouseleave`],rt={...M.props,...et,bordered:{type:Boolean,default:void 0},checked:Boolean,checkable:Boolean,strong:Boolean,triggerClickOnClose:Boolean,onClose:[Array,Function],onMouseenter:Function,onMouseleave:Function,"onUpdate:checked":Function,onUpdateChecked:Function,internalCloseFocusable:{type:Boolean,default:!0},internalCloseIsButtonTag:{type:Boolean,default:!0},onCheckedChange:Function},it=oe(`n-tag`),at=J({name:`Tag`,props:rt,slots:Object,setup(e){let t=Q(null),{mergedBorderedRef:n,mergedClsPrefixRef:r,inlineThemeDisabled:i,mergedRtlRef:a,mergedComponentPropsRef:o}=te(e),s=q(()=>e.size||o?.value?.Tag?.size||`medium`),c=M(`Tag`,`-tag`,tt,$e,e,r);ge(it,{roundRef:$(e,`round`)});function l(){if(!e.disabled&&e.checkable){let{checked:t,onCheckedChange:n,onUpdateChecked:r,"onUpdate:checked":i}=e;r&&r(!t),i&&i(!t),n&&n(!t)}}function u(t){if(e.triggerClickOnClose||t.stopPropagation(),!e.disabled){let{onClose:n}=e;n&&F(n,t)}}let d={setTextContent(e){let{value:n}=t;n&&(n.textContent=e)}},f=E(`Tag`,a,r),p=q(()=>{let{type:t,color:{color:r,textColor:i}={}}=e,a=s.value,{common:{cubicBezierEaseInOut:o},self:{padding:l,closeMargin:u,borderRadius:d,opacityDisabled:f,textColorCheckable:p,textColorHoverCheckable:m,textColorPressedCheckable:h,textColorChecked:g,colorCheckable:_,colorHoverCheckable:v,colorPressedCheckable:y,colorChecked:b,colorCheckedHover:x,colorCheckedPressed:S,closeBorderRadius:C,fontWeightStrong:w,[R(`colorBordered`,t)]:T,[R(`closeSize`,a)]:E,[R(`closeIconSize`,a)]:D,[R(`fontSize`,a)]:O,[R(`height`,a)]:k,[R(`color`,t)]:A,[R(`textColor`,t)]:j,[R(`border`,t)]:M,[R(`closeIconColor`,t)]:N,[R(`closeIconColorHover`,t)]:P,[R(`closeIconColorPressed`,t)]:F,[R(`closeColorHover`,t)]:I,[R(`closeColorPressed`,t)]:L}}=c.value,ee=De(u);return{"--n-font-weight-strong":w,"--n-avatar-size-override":`calc(${k} - 8px)`,"--n-bezier":o,"--n-border-radius":d,"--n-border":M,"--n-close-icon-size":D,"--n-close-color-pressed":L,"--n-close-color-hover":I,"--n-close-border-radius":C,"--n-close-icon-color":N,"--n-close-icon-color-hover":P,"--n-close-icon-color-pressed":F,"--n-close-icon-color-disabled":N,"--n-close-margin-top":ee.top,"--n-close-margin-right":ee.right,"--n-close-margin-bottom":ee.bottom,"--n-close-margin-left":ee.left,"--n-close-size":E,"--n-color":r||(n.value?T:A),"--n-color-checkable":_,"--n-color-checked":b,"--n-color-checked-hover":x,"--n-color-checked-pressed":S,"--n-color-hover-checkable":v,"--n-color-pressed-checkable":y,"--n-font-size":O,"--n-height":k,"--n-opacity-disabled":f,"--n-padding":l,"--n-text-color":i||j,"--n-text-color-checkable":p,"--n-text-color-checked":g,"--n-text-color-hover-checkable":m,"--n-text-color-pressed-checkable":h}}),m=i?ne(`tag`,q(()=>{let t=``,{type:r,color:{color:i,textColor:a}={}}=e;return t+=r[0],t+=s.value[0],i&&(t+=`a${D(i)}`),a&&(t+=`b${D(a)}`),n.value&&(t+=`c`),t}),p,e):void 0;return{...d,rtlEnabled:f,mergedClsPrefix:r,contentRef:t,mergedBordered:n,handleClick:l,handleCloseClick:u,cssVars:i?void 0:p,themeClass:m?.themeClass,onRender:m?.onRender}},render(){let{mergedClsPrefix:e,rtlEnabled:t,closable:n,color:{borderColor:r}={},round:i,onRender:a,$slots:o}=this;a?.();let s=N(o.avatar,t=>t&&(Y(),W(`div`,{class:k(`${e}-tag__avatar`)},[A(()=>t)],2))),c=N(o.icon,t=>t&&(Y(),W(`div`,{class:k(`${e}-tag__icon`)},[A(()=>t)],2)));return Y(),W(`div`,{class:k([`${e}-tag`,this.themeClass,{[`${e}-tag--rtl`]:t,[`${e}-tag--strong`]:this.strong,[`${e}-tag--disabled`]:this.disabled,[`${e}-tag--checkable`]:this.checkable,[`${e}-tag--checked`]:this.checkable&&this.checked,[`${e}-tag--round`]:i,[`${e}-tag--avatar`]:s,[`${e}-tag--icon`]:c,[`${e}-tag--closable`]:n}]),style:he(this.cssVars),onClick:this.handleClick,onMouseenter:this.onMouseenter,onMouseleave:this.onMouseleave},[A(()=>c||s),U(`span`,{class:k(`${e}-tag__content`),ref:`contentRef`},[A(()=>this.$slots.default?.())],2),!this.checkable&&n?(Y(),Z(y,{key:0,clsPrefix:e,class:k(`${e}-tag__close`),disabled:this.disabled,onClick:this.handleCloseClick,focusable:this.internalCloseFocusable,round:i,isButtonTag:this.internalCloseIsButtonTag,absolute:!0},null,8,[`clsPrefix`,`class`,`disabled`,`onClick`,`focusable`,`round`,`isButtonTag`])):A(()=>null),!this.checkable&&this.mergedBordered?(Y(),W(`div`,{key:2,class:k(`${e}-tag__border`),style:he({borderColor:r})},null,6)):A(()=>null)],46,nt)}});function ot(e){switch(typeof e){case`string`:return e||void 0;case`number`:return String(e);default:return}}function st(e,t){t&&(G(()=>{let{value:n}=e;n&&Ce.registerHandler(n,t)}),de(e,(e,t)=>{t&&Ce.unregisterHandler(t)},{deep:!1}),_e(()=>{let{value:t}=e;t&&Ce.unregisterHandler(t)}))}var ct=J({props:{onFocus:Function,onBlur:Function},setup(e){return()=>(()=>{let t=z(`d16ead82505dc285`);return Y(),W(`div`,{style:`width: 0; height: 0`,tabindex:0,onFocus:t[0]||=t=>e.onFocus?.(t),onBlur:t[1]||=t=>e.onBlur?.(t)},null,32)})()}}),lt=J({name:`NBaseSelectGroupHeader`,props:{clsPrefix:{type:String,required:!0},tmNode:{type:Object,required:!0}},setup(){let{renderLabelRef:e,renderOptionRef:t,labelFieldRef:n,nodePropsRef:r}=fe(o);return{labelField:n,nodeProps:r,renderLabel:e,renderOption:t}},render(){let{clsPrefix:e,renderLabel:t,renderOption:n,nodeProps:r,tmNode:{rawNode:i}}=this,a=r?.(i),o=t?t(i,!1):b(i[this.labelField],i,!1),s=(Y(),W(`div`,K(a,{class:[`${e}-base-select-group-header`,a?.class]}),[A(()=>o)],16));return i.render?i.render({node:s,option:i}):n?n({node:s,option:i,selected:!1}):s}});function ut(e){let t=e.filter(e=>e!==void 0);if(t.length!==0)return t.length===1?t[0]:t=>{e.forEach(e=>{e&&e(t)})}}var dt=J({name:`Checkmark`,render(){return(()=>{let e=z(`3c84eac8ae4e1f96`);return e[0]||=U(`svg`,{xmlns:`http://www.w3.org/2000/svg`,viewBox:`0 0 16 16`},[U(`g`,{fill:`none`},[U(`path`,{d:`M14.046 3.486a.75.75 0 0 1-.032 1.06l-7.93 7.474a.85.85 0 0 1-1.188-.022l-2.68-2.72a.75.75 0 1 1 1.068-1.053l2.234 2.267l7.468-7.038a.75.75 0 0 1 1.06.032z`,fill:`currentColor`})])],-1)})()}}),ft=[`onClick`,`onMouseenter`,`onMousemove`];function pt(e,t){return Y(),Z(Me,{name:`fade-in-scale-up-transition`},{default:()=>e?(Y(),Z(Te,{key:1,clsPrefix:t,class:k(`${t}-base-select-option__check`)},{default:()=>H(dt)},1032,[`clsPrefix`,`class`])):null},1024)}var mt=J({name:`NBaseSelectOption`,props:{clsPrefix:{type:String,required:!0},tmNode:{type:Object,required:!0}},setup(e){let{valueRef:t,pendingTmNodeRef:n,multipleRef:r,valueSetRef:i,renderLabelRef:a,renderOptionRef:s,labelFieldRef:c,valueFieldRef:l,showCheckmarkRef:u,nodePropsRef:d,handleOptionClick:f,handleOptionMouseEnter:p}=fe(o),m=O(()=>{let{value:t}=n;return t?e.tmNode.key===t.key:!1});function h(t){let{tmNode:n}=e;n.disabled||f(t,n)}function g(t){let{tmNode:n}=e;n.disabled||p(t,n)}function _(t){let{tmNode:n}=e,{value:r}=m;n.disabled||r||p(t,n)}return{multiple:r,isGrouped:O(()=>{let{tmNode:t}=e,{parent:n}=t;return n&&n.rawNode.type===`group`}),showCheckmark:u,nodeProps:d,isPending:m,isSelected:O(()=>{let{value:n}=t,{value:a}=r;if(n===null)return!1;let o=e.tmNode.rawNode[l.value];if(a){let{value:e}=i;return e.has(o)}return n===o}),labelField:c,renderLabel:a,renderOption:s,handleMouseMove:_,handleMouseEnter:g,handleClick:h}},render(){let{clsPrefix:e,tmNode:{rawNode:t},isSelected:n,isPending:r,isGrouped:i,showCheckmark:a,nodeProps:o,renderOption:s,renderLabel:c,handleClick:l,handleMouseEnter:u,handleMouseMove:d}=this,f=pt(n,e),p=c?[c(t,n),a&&f]:[b(t[this.labelField],t,n),a&&f],m=o?.(t),h=(Y(),W(`div`,K(m,{class:[`${e}-base-select-option`,t.class,m?.class,{[`${e}-base-select-option--disabled`]:t.disabled,[`${e}-base-select-option--selected`]:n,[`${e}-base-select-option--grouped`]:i,[`${e}-base-select-option--pending`]:r,[`${e}-base-select-option--show-checkmark`]:a}],style:[m?.style||``,t.style||``],onClick:ut([l,m?.onClick]),onMouseenter:ut([u,m?.onMouseenter]),onMousemove:ut([d,m?.onMousemove])}),[U(`div`,{class:k(`${e}-base-select-option__content`)},[A(()=>p)],2)],16,ft));return t.render?t.render({node:h,option:t,selected:n}):s?s({node:h,option:t,selected:n}):h}}),ht=V(`base-select-menu`,`
 line-height: 1.5;
 outline: none;
 z-index: 0;
 position: relative;
 border-radius: var(--n-border-radius);
 transition:
 background-color .3s var(--n-bezier),
 box-shadow .3s var(--n-bezier);
 background-color: var(--n-color);
`,[V(`scrollbar`,`
 max-height: var(--n-height);
 `),V(`virtual-list`,`
 max-height: var(--n-height);
 `),V(`base-select-option`,`
 min-height: var(--n-option-height);
 font-size: var(--n-option-font-size);
 display: flex;
 align-items: center;
 `,[B(`content`,`
 z-index: 1;
 white-space: nowrap;
 text-overflow: ellipsis;
 overflow: hidden;
 `)]),V(`base-select-group-header`,`
 min-height: var(--n-option-height);
 font-size: .93em;
 display: flex;
 align-items: center;
 `),V(`base-select-menu-option-wrapper`,`
 position: relative;
 width: 100%;
 `),B(`loading, empty`,`
 display: flex;
 padding: 12px 32px;
 flex: 1;
 justify-content: center;
 `),B(`loading`,`
 color: var(--n-loading-color);
 font-size: var(--n-loading-size);
 `),B(`header`,`
 padding: 8px var(--n-option-padding-left);
 font-size: var(--n-option-font-size);
 transition: 
 color .3s var(--n-bezier),
 border-color .3s var(--n-bezier);
 border-bottom: 1px solid var(--n-action-divider-color);
 color: var(--n-action-text-color);
 `),B(`action`,`
 padding: 8px var(--n-option-padding-left);
 font-size: var(--n-option-font-size);
 transition: 
 color .3s var(--n-bezier),
 border-color .3s var(--n-bezier);
 border-top: 1px solid var(--n-action-divider-color);
 color: var(--n-action-text-color);
 `),V(`base-select-group-header`,`
 position: relative;
 cursor: default;
 padding: var(--n-option-padding);
 color: var(--n-group-header-text-color);
 `),V(`base-select-option`,`
 cursor: pointer;
 position: relative;
 padding: var(--n-option-padding);
 transition:
 color .3s var(--n-bezier),
 opacity .3s var(--n-bezier);
 box-sizing: border-box;
 color: var(--n-option-text-color);
 opacity: 1;
 `,[P(`show-checkmark`,`
 padding-right: calc(var(--n-option-padding-right) + 20px);
 `),L(`&::before`,`
 content: "";
 position: absolute;
 left: 4px;
 right: 4px;
 top: 0;
 bottom: 0;
 border-radius: var(--n-border-radius);
 transition: background-color .3s var(--n-bezier);
 `),L(`&:active`,`
 color: var(--n-option-text-color-pressed);
 `),P(`grouped`,`
 padding-left: calc(var(--n-option-padding-left) * 1.5);
 `),P(`pending`,[L(`&::before`,`
 background-color: var(--n-option-color-pending);
 `)]),P(`selected`,`
 color: var(--n-option-text-color-active);
 `,[L(`&::before`,`
 background-color: var(--n-option-color-active);
 `),P(`pending`,[L(`&::before`,`
 background-color: var(--n-option-color-active-pending);
 `)])]),P(`disabled`,`
 cursor: not-allowed;
 `,[I(`selected`,`
 color: var(--n-option-text-color-disabled);
 `),P(`selected`,`
 opacity: var(--n-option-opacity-disabled);
 `)]),B(`check`,`
 font-size: 16px;
 position: absolute;
 right: calc(var(--n-option-padding-right) - 4px);
 top: calc(50% - 7px);
 color: var(--n-option-check-color);
 transition: color .3s var(--n-bezier);
 `,[C({enterScale:`0.5`})])])]),gt=[`tabindex`,`onFocusin`,`onFocusout`,`onKeyup`,`onKeydown`,`onMousedown`,`onMouseenter`,`onMouseleave`],_t=J({name:`InternalSelectMenu`,props:{...M.props,clsPrefix:{type:String,required:!0},scrollable:{type:Boolean,default:!0},treeMate:{type:Object,required:!0},multiple:Boolean,size:{type:String,default:`medium`},value:{type:[String,Number,Array],default:null},autoPending:Boolean,virtualScroll:{type:Boolean,default:!0},show:{type:Boolean,default:!0},labelField:{type:String,default:`label`},valueField:{type:String,default:`value`},loading:Boolean,focusable:Boolean,renderLabel:Function,renderOption:Function,nodeProps:Function,showCheckmark:{type:Boolean,default:!0},onMousedown:Function,onScroll:Function,onFocus:Function,onBlur:Function,onKeyup:Function,onKeydown:Function,onTabOut:Function,onMouseenter:Function,onMouseleave:Function,onResize:Function,resetMenuOnOptionsChange:{type:Boolean,default:!0},inlineThemeDisabled:Boolean,scrollbarProps:Object,onToggle:Function},setup(n){let{mergedClsPrefixRef:r,mergedRtlRef:i,mergedComponentPropsRef:s}=te(n),c=E(`InternalSelectMenu`,i,r),l=M(`InternalSelectMenu`,`-internal-select-menu`,ht,e,n,$(n,`clsPrefix`)),u=Q(null),d=Q(null),f=Q(null),p=q(()=>n.treeMate.getFlattenedNodes()),m=q(()=>a(p.value)),h=Q(null);function g(){let{treeMate:e}=n,t=null,{value:r}=n;r===null?t=e.getFirstAvailableNode():(t=n.multiple?e.getNode((r||[])[(r||[]).length-1]):e.getNode(r),(!t||t.disabled)&&(t=e.getFirstAvailableNode())),re(t||null)}function _(){let{value:e}=h;e&&!n.treeMate.getNode(e.key)&&(h.value=null)}let y;de(()=>n.show,e=>{e?y=de(()=>n.treeMate,()=>{n.resetMenuOnOptionsChange?(n.autoPending?g():_(),be(ie)):_()},{immediate:!0}):y?.()},{immediate:!0}),_e(()=>{y?.()});let b=q(()=>ke(l.value.self[R(`optionHeight`,n.size)])),x=q(()=>De(l.value.self[R(`padding`,n.size)])),S=q(()=>n.multiple&&Array.isArray(n.value)?new Set(n.value):new Set),C=q(()=>{let e=p.value;return e&&e.length===0}),w=q(()=>s?.value?.Select?.renderEmpty);function T(e){let{onToggle:t}=n;t&&t(e)}function D(e){let{onScroll:t}=n;t&&t(e)}function O(e){f.value?.sync(),D(e)}function k(){f.value?.sync()}function A(){let{value:e}=h;return e||null}function j(e,t){t.disabled||re(t,!1)}function N(e,t){t.disabled||T(t)}function P(e){t(e,`action`)||n.onKeyup?.(e)}function F(e){t(e,`action`)||n.onKeydown?.(e)}function I(e){n.onMousedown?.(e),n.focusable||e.preventDefault()}function L(){let{value:e}=h;e&&re(e.getNext({loop:!0}),!0)}function ee(){let{value:e}=h;e&&re(e.getPrev({loop:!0}),!0)}function re(e,t=!1){h.value=e,t&&ie()}function ie(){let e=h.value;if(!e)return;let t=m.value(e.key);t!==null&&(n.virtualScroll?d.value?.scrollTo({index:t}):f.value?.scrollTo({index:t,elSize:b.value}))}function z(e){u.value?.contains(e.target)&&n.onFocus?.(e)}function ae(e){u.value?.contains(e.relatedTarget)||n.onBlur?.(e)}ge(o,{handleOptionMouseEnter:j,handleOptionClick:N,valueSetRef:S,pendingTmNodeRef:h,nodePropsRef:$(n,`nodeProps`),showCheckmarkRef:$(n,`showCheckmark`),multipleRef:$(n,`multiple`),valueRef:$(n,`value`),renderLabelRef:$(n,`renderLabel`),renderOptionRef:$(n,`renderOption`),labelFieldRef:$(n,`labelField`),valueFieldRef:$(n,`valueField`)}),ge(v,u),G(()=>{let{value:e}=f;e&&e.sync()});let oe=q(()=>{let{size:e}=n,{common:{cubicBezierEaseInOut:t},self:{height:r,borderRadius:i,color:a,groupHeaderTextColor:o,actionDividerColor:s,optionTextColorPressed:c,optionTextColor:u,optionTextColorDisabled:d,optionTextColorActive:f,optionOpacityDisabled:p,optionCheckColor:m,actionTextColor:h,optionColorPending:g,optionColorActive:_,loadingColor:v,loadingSize:y,optionColorActivePending:b,[R(`optionFontSize`,e)]:x,[R(`optionHeight`,e)]:S,[R(`optionPadding`,e)]:C}}=l.value;return{"--n-height":r,"--n-action-divider-color":s,"--n-action-text-color":h,"--n-bezier":t,"--n-border-radius":i,"--n-color":a,"--n-option-font-size":x,"--n-group-header-text-color":o,"--n-option-check-color":m,"--n-option-color-pending":g,"--n-option-color-active":_,"--n-option-color-active-pending":b,"--n-option-height":S,"--n-option-opacity-disabled":p,"--n-option-text-color":u,"--n-option-text-color-active":f,"--n-option-text-color-disabled":d,"--n-option-text-color-pressed":c,"--n-option-padding":C,"--n-option-padding-left":De(C,`left`),"--n-option-padding-right":De(C,`right`),"--n-loading-color":v,"--n-loading-size":y}}),{inlineThemeDisabled:B}=n,V=B?ne(`internal-select-menu`,q(()=>n.size[0]),oe,n):void 0,se={selfRef:u,next:L,prev:ee,getPendingTmNode:A};return st(u,n.onResize),{mergedTheme:l,mergedClsPrefix:r,rtlEnabled:c,virtualListRef:d,scrollbarRef:f,itemSize:b,padding:x,flattenedNodes:p,empty:C,mergedRenderEmpty:w,virtualListContainer(){let{value:e}=d;return e?.listElRef},virtualListContent(){let{value:e}=d;return e?.itemsElRef},doScroll:D,handleFocusin:z,handleFocusout:ae,handleKeyUp:P,handleKeyDown:F,handleMouseDown:I,handleVirtualListResize:k,handleVirtualListScroll:O,cssVars:B?void 0:oe,themeClass:V?.themeClass,onRender:V?.onRender,...se}},render(){let{$slots:e,virtualScroll:t,clsPrefix:n,mergedTheme:r,themeClass:i,onRender:a}=this;return a?.(),Y(),W(`div`,{ref:`selfRef`,tabindex:this.focusable?0:-1,class:k([`${n}-base-select-menu`,`${n}-base-select-menu--${this.size}-size`,this.rtlEnabled&&`${n}-base-select-menu--rtl`,i,this.multiple&&`${n}-base-select-menu--multiple`]),style:he(this.cssVars),onFocusin:this.handleFocusin,onFocusout:this.handleFocusout,onKeyup:this.handleKeyUp,onKeydown:this.handleKeyDown,onMousedown:this.handleMouseDown,onMouseenter:this.onMouseenter,onMouseleave:this.onMouseleave},[A(()=>N(e.header,e=>e&&(Y(),W(`div`,{class:k(`${n}-base-select-menu__header`),"data-header":!0,key:`header`},[A(()=>e)],2)))),this.loading?(Y(),W(`div`,{key:0,class:k(`${n}-base-select-menu__loading`)},[(Y(),Z(re,{clsPrefix:n,strokeWidth:20},null,8,[`clsPrefix`]))],2)):(Y(),W(X,{key:1},[this.empty?(Y(),W(`div`,{key:1,class:k(`${n}-base-select-menu__empty`),"data-empty":!0},[A(()=>w(e.empty,()=>[this.mergedRenderEmpty?.()||(Y(),Z(Le,{theme:r.peers.Empty,themeOverrides:r.peerOverrides.Empty,size:this.size},null,8,[`theme`,`themeOverrides`,`size`]))]))],2)):(Y(),Z(Ae,K({key:0,ref:`scrollbarRef`,theme:r.peers.Scrollbar,themeOverrides:r.peerOverrides.Scrollbar,scrollable:this.scrollable,container:t?this.virtualListContainer:void 0,content:t?this.virtualListContent:void 0,onScroll:t?void 0:this.doScroll},this.scrollbarProps),{default:()=>t?(Y(),Z(Je,{key:1,ref:`virtualListRef`,class:k(`${n}-virtual-list`),items:this.flattenedNodes,itemSize:this.itemSize,showScrollbar:!1,paddingTop:this.padding.top,paddingBottom:this.padding.bottom,onResize:this.handleVirtualListResize,onScroll:this.handleVirtualListScroll,itemResizable:!0},{default:({item:e})=>e.isGroup?(Y(),Z(lt,{key:e.key,clsPrefix:n,tmNode:e},null,8,[`clsPrefix`,`tmNode`])):e.ignored?null:(Y(),Z(mt,{clsPrefix:n,key:e.key,tmNode:e},null,8,[`clsPrefix`,`tmNode`]))},1032,[`class`,`items`,`itemSize`,`paddingTop`,`paddingBottom`,`onResize`,`onScroll`])):(Y(),W(`div`,{key:4,class:k(`${n}-base-select-menu-option-wrapper`),style:he({paddingTop:this.padding.top,paddingBottom:this.padding.bottom})},[A(()=>this.flattenedNodes.map(e=>e.isGroup?(Y(),Z(lt,{key:e.key,clsPrefix:n,tmNode:e},null,8,[`clsPrefix`,`tmNode`])):(Y(),Z(mt,{clsPrefix:n,key:e.key,tmNode:e},null,8,[`clsPrefix`,`tmNode`]))))],6))},1040,[`theme`,`themeOverrides`,`scrollable`,`container`,`content`,`onScroll`]))],64)),A(()=>N(e.action,e=>e&&[(Y(),W(`div`,{class:k(`${n}-base-select-menu__action`),"data-action":!0,key:`action`},[A(()=>e)],2)),(Y(),Z(ct,{onFocus:this.onTabOut,key:`focus-detector`},null,8,[`onFocus`]))]))],46,gt)}});function vt(e){return e.type===`group`}function yt(e){return e.type===`ignored`}function bt(e,t){try{return!!(1+t.toString().toLowerCase().indexOf(e.trim().toLowerCase()))}catch{return!1}}function xt(e,t){return{getIsGroup:vt,getIgnored:yt,getKey(t){return vt(t)?t.name||t.key||`key-required`:t[e]},getChildren(e){return e[t]}}}function St(e,t,n,r){if(!t)return e;function i(e){if(!Array.isArray(e))return[];let a=[];for(let o of e)if(vt(o)){let e=i(o[r]);e.length&&a.push(Object.assign({},o,{[r]:e}))}else if(yt(o))continue;else t(n,o)&&a.push(o);return a}return i(e)}function Ct(e,t,n){let r=new Map;return e.forEach(e=>{vt(e)?e[n].forEach(e=>{r.set(e[t],e)}):r.set(e[t],e)}),r}var wt=L([V(`base-selection`,`
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
 `,[V(`base-loading`,`
 color: var(--n-loading-color);
 `),V(`base-selection-tags`,`min-height: var(--n-height);`),B(`border, state-border`,`
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
 `),B(`state-border`,`
 z-index: 1;
 border-color: #0000;
 `),V(`base-suffix`,`
 cursor: pointer;
 position: absolute;
 top: 50%;
 transform: translateY(-50%);
 right: 10px;
 `,[B(`arrow`,`
 font-size: var(--n-arrow-size);
 color: var(--n-arrow-color);
 transition: color .3s var(--n-bezier);
 `)]),V(`base-selection-overlay`,`
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
 `,[B(`wrapper`,`
 flex-basis: 0;
 flex-grow: 1;
 overflow: hidden;
 text-overflow: ellipsis;
 `)]),V(`base-selection-placeholder`,`
 color: var(--n-placeholder-color);
 `,[B(`inner`,`
 max-width: 100%;
 overflow: hidden;
 `)]),V(`base-selection-tags`,`
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
 `),V(`base-selection-label`,`
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
 `,[V(`base-selection-input`,`
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
 `,[B(`content`,`
 text-overflow: ellipsis;
 overflow: hidden;
 white-space: nowrap; 
 `)]),B(`render-label`,`
 color: var(--n-text-color);
 `)]),I(`disabled`,[L(`&:hover`,[B(`state-border`,`
 box-shadow: var(--n-box-shadow-hover);
 border: var(--n-border-hover);
 `)]),P(`focus`,[B(`state-border`,`
 box-shadow: var(--n-box-shadow-focus);
 border: var(--n-border-focus);
 `)]),P(`active`,[B(`state-border`,`
 box-shadow: var(--n-box-shadow-active);
 border: var(--n-border-active);
 `),V(`base-selection-label`,`background-color: var(--n-color-active);`),V(`base-selection-tags`,`background-color: var(--n-color-active);`)])]),P(`disabled`,`cursor: not-allowed;`,[B(`arrow`,`
 color: var(--n-arrow-color-disabled);
 `),V(`base-selection-label`,`
 cursor: not-allowed;
 background-color: var(--n-color-disabled);
 `,[V(`base-selection-input`,`
 cursor: not-allowed;
 color: var(--n-text-color-disabled);
 `),B(`render-label`,`
 color: var(--n-text-color-disabled);
 `)]),V(`base-selection-tags`,`
 cursor: not-allowed;
 background-color: var(--n-color-disabled);
 `),V(`base-selection-placeholder`,`
 cursor: not-allowed;
 color: var(--n-placeholder-color-disabled);
 `)]),V(`base-selection-input-tag`,`
 height: calc(var(--n-height) - 6px);
 line-height: calc(var(--n-height) - 6px);
 outline: none;
 display: none;
 position: relative;
 margin-bottom: 3px;
 max-width: 100%;
 vertical-align: bottom;
 `,[B(`input`,`
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
 `),B(`mirror`,`
 position: absolute;
 left: 0;
 top: 0;
 white-space: pre;
 visibility: hidden;
 user-select: none;
 -webkit-user-select: none;
 opacity: 0;
 `)]),[`warning`,`error`].map(e=>P(`${e}-status`,[B(`state-border`,`border: var(--n-border-${e});`),I(`disabled`,[L(`&:hover`,[B(`state-border`,`
 box-shadow: var(--n-box-shadow-hover-${e});
 border: var(--n-border-hover-${e});
 `)]),P(`active`,[B(`state-border`,`
 box-shadow: var(--n-box-shadow-active-${e});
 border: var(--n-border-active-${e});
 `),V(`base-selection-label`,`background-color: var(--n-color-active-${e});`),V(`base-selection-tags`,`background-color: var(--n-color-active-${e});`)]),P(`focus`,[B(`state-border`,`
 box-shadow: var(--n-box-shadow-focus-${e});
 border: var(--n-border-focus-${e});
 `)])])]))]),V(`base-selection-popover`,`
 margin-bottom: -3px;
 display: flex;
 flex-wrap: wrap;
 margin-right: -8px;
 `),V(`base-selection-tag-wrapper`,`
 max-width: 100%;
 display: inline-flex;
 padding: 0 7px 3px 0;
 `,[L(`&:last-child`,`padding-right: 0;`),V(`tag`,`
 font-size: 14px;
 max-width: 100%;
 `,[B(`content`,`
 line-height: 1.25;
 text-overflow: ellipsis;
 overflow: hidden;
 `)])])]),Tt=[`disabled`,`value`,`autofocus`,`onBlur`,`onFocus`,`onKeydown`,`onInput`,`onCompositionstart`,`onCompositionend`],Et=[`tabindex`],Dt=[`title`],Ot=[`value`,`readonly`,`disabled`,`autofocus`,`onFocus`,`onBlur`,`onInput`,`onCompositionstart`,`onCompositionend`],kt=[`tabindex`],At=[`onClick`,`onMouseenter`,`onMouseleave`,`onKeydown`,`onFocusin`,`onFocusout`,`onMousedown`],jt=J({name:`InternalSelection`,props:{...M.props,clsPrefix:{type:String,required:!0},bordered:{type:Boolean,default:void 0},active:Boolean,pattern:{type:String,default:``},placeholder:String,selectedOption:{type:Object,default:null},selectedOptions:{type:Array,default:null},labelField:{type:String,default:`label`},valueField:{type:String,default:`value`},multiple:Boolean,filterable:Boolean,clearable:Boolean,disabled:Boolean,size:{type:String,default:`medium`},loading:Boolean,autofocus:Boolean,showArrow:{type:Boolean,default:!0},inputProps:Object,focused:Boolean,renderTag:Function,onKeydown:Function,onClick:Function,onBlur:Function,onFocus:Function,onDeleteOption:Function,maxTagCount:[String,Number],ellipsisTagPopoverProps:Object,onClear:Function,onPatternInput:Function,onPatternFocus:Function,onPatternBlur:Function,renderLabel:Function,status:String,inlineThemeDisabled:Boolean,ignoreComposition:{type:Boolean,default:!0},onResize:Function},setup(e){let{mergedClsPrefixRef:t,mergedRtlRef:n}=te(e),r=E(`InternalSelection`,n,t),i=Q(null),a=Q(null),o=Q(null),s=Q(null),c=Q(null),l=Q(null),u=Q(null),d=Q(null),f=Q(null),p=Q(null),h=Q(!1),g=Q(!1),_=Q(!1),v=M(`InternalSelection`,`-internal-selection`,wt,m,e,$(e,`clsPrefix`)),y=q(()=>e.clearable&&!e.disabled&&(_.value||e.active)),x=q(()=>e.selectedOption?e.renderTag?e.renderTag({option:e.selectedOption,handleClose:()=>{}}):e.renderLabel?e.renderLabel(e.selectedOption,!0):b(e.selectedOption[e.labelField],e.selectedOption,!0):e.placeholder),S=q(()=>{let t=e.selectedOption;if(t)return t[e.labelField]}),C=q(()=>e.multiple?!!(Array.isArray(e.selectedOptions)&&e.selectedOptions.length):e.selectedOption!==null);function w(){let{value:t}=i;if(t){let{value:n}=a;n&&(n.style.width=`${t.offsetWidth}px`,e.maxTagCount!==`responsive`&&f.value?.sync({showAllItemsBeforeCalculate:!1}))}}function T(){let{value:e}=p;e&&(e.style.display=`none`)}function D(){let{value:e}=p;e&&(e.style.display=`inline-block`)}de($(e,`active`),e=>{e||T()}),de($(e,`pattern`),()=>{e.multiple&&be(w)});function O(t){let{onFocus:n}=e;n&&n(t)}function k(t){let{onBlur:n}=e;n&&n(t)}function A(t){let{onDeleteOption:n}=e;n&&n(t)}function j(t){let{onClear:n}=e;n&&n(t)}function N(t){let{onPatternInput:n}=e;n&&n(t)}function P(e){e.relatedTarget&&o.value?.contains(e.relatedTarget)||O(e)}function F(e){o.value?.contains(e.relatedTarget)||k(e)}function I(e){j(e)}function L(){_.value=!0}function ee(){_.value=!1}function re(t){e.active&&e.filterable&&t.target!==a.value&&t.preventDefault()}function ie(e){A(e)}let z=Q(!1);function ae(t){if(t.key===`Backspace`&&!z.value&&!e.pattern.length){let{selectedOptions:t}=e;t?.length&&ie(t[t.length-1])}}let oe=null;function B(t){let{value:n}=i;n&&(n.textContent=t.target.value,w()),e.ignoreComposition&&z.value?oe=t:N(t)}function V(){z.value=!0}function se(){z.value=!1,e.ignoreComposition&&N(oe),oe=null}function ce(t){g.value=!0,e.onPatternFocus?.(t)}function le(t){g.value=!1,e.onPatternBlur?.(t)}function H(){if(e.filterable)g.value=!1,l.value?.blur(),a.value?.blur();else if(e.multiple){let{value:e}=s;e?.blur()}else{let{value:e}=c;e?.blur()}}function ue(){e.filterable?(g.value=!1,l.value?.focus()):e.multiple?s.value?.focus():c.value?.focus()}function fe(){let{value:e}=a;e&&(D(),e.focus())}function me(){let{value:e}=a;e&&e.blur()}function U(e){let{value:t}=u;t&&t.setTextContent(`+${e}`)}function W(){let{value:e}=d;return e}function he(){return a.value}let K=null;function ge(){K!==null&&window.clearTimeout(K)}function _e(){e.active||(ge(),K=window.setTimeout(()=>{C.value&&(h.value=!0)},100))}function J(){ge()}function Y(e){e||(ge(),h.value=!1)}de(C,e=>{e||(h.value=!1)}),G(()=>{pe(()=>{let t=l.value;t&&(e.disabled?t.removeAttribute(`tabindex`):t.tabIndex=g.value?-1:0)})}),st(o,e.onResize);let{inlineThemeDisabled:ve}=e,X=q(()=>{let{size:t}=e,{common:{cubicBezierEaseInOut:n},self:{fontWeight:r,borderRadius:i,color:a,placeholderColor:o,textColor:s,paddingSingle:c,paddingMultiple:l,caretColor:u,colorDisabled:d,textColorDisabled:f,placeholderColorDisabled:p,colorActive:m,boxShadowFocus:h,boxShadowActive:g,boxShadowHover:_,border:y,borderFocus:b,borderHover:x,borderActive:S,arrowColor:C,arrowColorDisabled:w,loadingColor:T,colorActiveWarning:E,boxShadowFocusWarning:D,boxShadowActiveWarning:O,boxShadowHoverWarning:k,borderWarning:A,borderFocusWarning:j,borderHoverWarning:M,borderActiveWarning:N,colorActiveError:P,boxShadowFocusError:F,boxShadowActiveError:I,boxShadowHoverError:L,borderError:ee,borderFocusError:te,borderHoverError:ne,borderActiveError:re,clearColor:ie,clearColorHover:z,clearColorPressed:ae,clearSize:oe,arrowSize:B,[R(`height`,t)]:V,[R(`fontSize`,t)]:se}}=v.value,ce=De(c),le=De(l);return{"--n-bezier":n,"--n-border":y,"--n-border-active":S,"--n-border-focus":b,"--n-border-hover":x,"--n-border-radius":i,"--n-box-shadow-active":g,"--n-box-shadow-focus":h,"--n-box-shadow-hover":_,"--n-caret-color":u,"--n-color":a,"--n-color-active":m,"--n-color-disabled":d,"--n-font-size":se,"--n-height":V,"--n-padding-single-top":ce.top,"--n-padding-multiple-top":le.top,"--n-padding-single-right":ce.right,"--n-padding-multiple-right":le.right,"--n-padding-single-left":ce.left,"--n-padding-multiple-left":le.left,"--n-padding-single-bottom":ce.bottom,"--n-padding-multiple-bottom":le.bottom,"--n-placeholder-color":o,"--n-placeholder-color-disabled":p,"--n-text-color":s,"--n-text-color-disabled":f,"--n-arrow-color":C,"--n-arrow-color-disabled":w,"--n-loading-color":T,"--n-color-active-warning":E,"--n-box-shadow-focus-warning":D,"--n-box-shadow-active-warning":O,"--n-box-shadow-hover-warning":k,"--n-border-warning":A,"--n-border-focus-warning":j,"--n-border-hover-warning":M,"--n-border-active-warning":N,"--n-color-active-error":P,"--n-box-shadow-focus-error":F,"--n-box-shadow-active-error":I,"--n-box-shadow-hover-error":L,"--n-border-error":ee,"--n-border-focus-error":te,"--n-border-hover-error":ne,"--n-border-active-error":re,"--n-clear-size":oe,"--n-clear-color":ie,"--n-clear-color-hover":z,"--n-clear-color-pressed":ae,"--n-arrow-size":B,"--n-font-weight":r}}),ye=ve?ne(`internal-selection`,q(()=>e.size[0]),X,e):void 0;return{mergedTheme:v,mergedClearable:y,mergedClsPrefix:t,rtlEnabled:r,patternInputFocused:g,filterablePlaceholder:x,label:S,selected:C,showTagsPanel:h,isComposing:z,counterRef:u,counterWrapperRef:d,patternInputMirrorRef:i,patternInputRef:a,selfRef:o,multipleElRef:s,singleElRef:c,patternInputWrapperRef:l,overflowRef:f,inputTagElRef:p,handleMouseDown:re,handleFocusin:P,handleClear:I,handleMouseEnter:L,handleMouseLeave:ee,handleDeleteOption:ie,handlePatternKeyDown:ae,handlePatternInputInput:B,handlePatternInputBlur:le,handlePatternInputFocus:ce,handleMouseEnterCounter:_e,handleMouseLeaveCounter:J,handleFocusout:F,handleCompositionEnd:se,handleCompositionStart:V,onPopoverUpdateShow:Y,focus:ue,focusInput:fe,blur:H,blurInput:me,updateCounter:U,getCounter:W,getTail:he,renderLabel:e.renderLabel,cssVars:ve?void 0:X,themeClass:ye?.themeClass,onRender:ye?.onRender}},render(){let{status:e,multiple:t,size:n,disabled:r,filterable:i,maxTagCount:a,bordered:o,clsPrefix:c,ellipsisTagPopoverProps:l,onRender:u,renderTag:d,renderLabel:f}=this;u?.();let p=a===`responsive`,m=typeof a==`number`,h=p||m,g=(Y(),Z(je,null,{default:()=>(Y(),Z(le,{clsPrefix:c,loading:this.loading,showArrow:this.showArrow,showClear:this.mergedClearable&&this.selected,onClear:this.handleClear},{default:()=>this.$slots.arrow?.()},1032,[`clsPrefix`,`loading`,`showArrow`,`showClear`,`onClear`]))},1024)),_;if(t){let{labelField:e}=this,t=t=>(Y(),W(`div`,{class:k(`${c}-base-selection-tag-wrapper`),key:t.value},[d?(Y(),W(X,{key:0},[A(()=>d({option:t,handleClose:()=>{this.handleDeleteOption(t)}}))],64)):(Y(),Z(at,{key:1,size:n,closable:!t.disabled,disabled:r,onClose:()=>{this.handleDeleteOption(t)},internalCloseIsButtonTag:!1,internalCloseFocusable:!1},{default:()=>f?f(t,!0):b(t[e],t,!0)},1032,[`size`,`closable`,`disabled`,`onClose`]))],2)),o=()=>(m?this.selectedOptions.slice(0,a):this.selectedOptions).map(t),u=i?(Y(),W(`div`,{class:k(`${c}-base-selection-input-tag`),ref:`inputTagElRef`,key:`__input-tag__`},[U(`input`,K(this.inputProps,{ref:`patternInputRef`,tabindex:-1,disabled:r,value:this.pattern,autofocus:this.autofocus,class:`${c}-base-selection-input-tag__input`,onBlur:this.handlePatternInputBlur,onFocus:this.handlePatternInputFocus,onKeydown:this.handlePatternKeyDown,onInput:this.handlePatternInputInput,onCompositionstart:this.handleCompositionStart,onCompositionend:this.handleCompositionEnd}),null,16,Tt),U(`span`,{ref:`patternInputMirrorRef`,class:k(`${c}-base-selection-input-tag__mirror`)},[A(()=>this.pattern)],2)],2)):null,v=p?()=>(Y(),W(`div`,{class:k(`${c}-base-selection-tag-wrapper`),ref:`counterWrapperRef`},[(Y(),Z(at,{size:n,ref:`counterRef`,onMouseenter:this.handleMouseEnterCounter,onMouseleave:this.handleMouseLeaveCounter,disabled:r},null,8,[`size`,`onMouseenter`,`onMouseleave`,`disabled`]))],2)):void 0,y;if(m){let e=this.selectedOptions.length-a;e>0&&(y=(t=>(Y(),W(`div`,{class:k(`${c}-base-selection-tag-wrapper`),key:`__counter__`},[(Y(),Z(at,{size:n,ref:`counterRef`,onMouseenter:this.handleMouseEnterCounter,disabled:r},{default:()=>`+${e}`},1032,[`size`,`onMouseenter`,`disabled`]))],2)))(y))}let x=p?i?(Y(),Z(Ze,{key:3,ref:`overflowRef`,updateCounter:this.updateCounter,getCounter:this.getCounter,getTail:this.getTail,style:{width:`100%`,display:`flex`,overflow:`hidden`}},{default:o,counter:v,tail:()=>u},1032,[`updateCounter`,`getCounter`,`getTail`])):(Y(),Z(Ze,{key:4,ref:`overflowRef`,updateCounter:this.updateCounter,getCounter:this.getCounter,style:{width:`100%`,display:`flex`,overflow:`hidden`}},{default:o,counter:v},1032,[`updateCounter`,`getCounter`])):m&&y?o().concat(y):o(),S=h?()=>(Y(),W(`div`,{class:k(`${c}-base-selection-popover`)},[p?(Y(),W(X,{key:0},[A(()=>o())],64)):(Y(),W(X,{key:1},[A(()=>this.selectedOptions.map(t))],64))],2)):void 0,C=h?{show:this.showTagsPanel,trigger:`hover`,overlap:!0,placement:`top`,width:`trigger`,onUpdateShow:this.onPopoverUpdateShow,theme:this.mergedTheme.peers.Popover,themeOverrides:this.mergedTheme.peerOverrides.Popover,...l}:null,w=!this.selected&&(!this.active||!this.pattern&&!this.isComposing)?(Y(),W(`div`,{key:5,class:k(`${c}-base-selection-placeholder ${c}-base-selection-overlay`)},[U(`div`,{class:k(`${c}-base-selection-placeholder__inner`)},[A(()=>this.placeholder)],2)],2)):null,T=i?(Y(),W(`div`,{key:6,ref:`patternInputWrapperRef`,class:k(`${c}-base-selection-tags`)},[A(()=>x),p?A(()=>null):(Y(),W(X,{key:1},[A(()=>u)],64)),A(()=>g)],2)):(Y(),W(`div`,{key:7,ref:`multipleElRef`,class:k(`${c}-base-selection-tags`),tabindex:r?void 0:0},[A(()=>x),A(()=>g)],10,Et));_=(e=>(Y(),W(X,{key:8},[h?(Y(),Z(s,K({key:0},C,{scrollable:!0,style:`max-height: calc(var(--v-target-height) * 6.6);`}),{trigger:()=>T,default:S},1040)):(Y(),W(X,{key:1},[A(()=>T)],64)),A(()=>w)],64)))(_)}else if(i){let e=this.pattern||this.isComposing,t=this.active?!e:!this.selected,n=!this.active&&this.selected;_=(e=>(Y(),W(`div`,{key:9,ref:`patternInputWrapperRef`,class:k(`${c}-base-selection-label`),title:this.patternInputFocused?void 0:ot(this.label)},[U(`input`,K(this.inputProps,{ref:`patternInputRef`,class:`${c}-base-selection-input`,value:this.active?this.pattern:``,placeholder:``,readonly:r,disabled:r,tabindex:-1,autofocus:this.autofocus,onFocus:this.handlePatternInputFocus,onBlur:this.handlePatternInputBlur,onInput:this.handlePatternInputInput,onCompositionstart:this.handleCompositionStart,onCompositionend:this.handleCompositionEnd}),null,16,Ot),n?(Y(),W(`div`,{class:k(`${c}-base-selection-label__render-label ${c}-base-selection-overlay`),key:`input`},[U(`div`,{class:k(`${c}-base-selection-overlay__wrapper`)},[d?(Y(),W(X,{key:0},[A(()=>d({option:this.selectedOption,handleClose:()=>{}}))],64)):(Y(),W(X,{key:1},[f?(Y(),W(X,{key:0},[A(()=>f(this.selectedOption,!0))],64)):(Y(),W(X,{key:1},[A(()=>b(this.label,this.selectedOption,!0))],64))],64))],2)],2)):A(()=>null),t?(Y(),W(`div`,{class:k(`${c}-base-selection-placeholder ${c}-base-selection-overlay`),key:`placeholder`},[U(`div`,{class:k(`${c}-base-selection-overlay__wrapper`)},[A(()=>this.filterablePlaceholder)],2)],2)):A(()=>null),A(()=>g)],10,Dt)))(_)}else _=(e=>(Y(),W(`div`,{key:10,ref:`singleElRef`,class:k(`${c}-base-selection-label`),tabindex:this.disabled?void 0:0},[this.label===void 0?(Y(),W(`div`,{class:k(`${c}-base-selection-placeholder ${c}-base-selection-overlay`),key:`placeholder`},[U(`div`,{class:k(`${c}-base-selection-placeholder__inner`)},[A(()=>this.placeholder)],2)],2)):(Y(),W(`div`,{class:k(`${c}-base-selection-input`),title:ot(this.label),key:`input`},[U(`div`,{class:k(`${c}-base-selection-input__content`)},[d?(Y(),W(X,{key:0},[A(()=>d({option:this.selectedOption,handleClose:()=>{}}))],64)):(Y(),W(X,{key:1},[f?(Y(),W(X,{key:0},[A(()=>f(this.selectedOption,!0))],64)):(Y(),W(X,{key:1},[A(()=>b(this.label,this.selectedOption,!0))],64))],64))],2)],10,[`title`])),A(()=>g)],10,kt)))(_);return Y(),W(`div`,{ref:`selfRef`,class:k([`${c}-base-selection`,this.rtlEnabled&&`${c}-base-selection--rtl`,this.themeClass,e&&`${c}-base-selection--${e}-status`,{[`${c}-base-selection--active`]:this.active,[`${c}-base-selection--selected`]:this.selected||this.active&&this.pattern,[`${c}-base-selection--disabled`]:this.disabled,[`${c}-base-selection--multiple`]:this.multiple,[`${c}-base-selection--focus`]:this.focused}]),style:he(this.cssVars),onClick:this.onClick,onMouseenter:this.handleMouseEnter,onMouseleave:this.handleMouseLeave,onKeydown:this.onKeydown,onFocusin:this.handleFocusin,onFocusout:this.handleFocusout,onMousedown:this.handleMouseDown},[A(()=>_),o?(Y(),W(`div`,{key:0,class:k(`${c}-base-selection__border`)},null,2)):A(()=>null),o?(Y(),W(`div`,{key:2,class:k(`${c}-base-selection__state-border`)},null,2)):A(()=>null)],46,At)}}),Mt=L([V(`select`,`
 z-index: auto;
 outline: none;
 width: 100%;
 position: relative;
 font-weight: var(--n-font-weight);
 `),V(`select-menu`,`
 margin: 4px 0;
 box-shadow: var(--n-menu-box-shadow);
 `,[C({originalTransition:`background-color .3s var(--n-bezier), box-shadow .3s var(--n-bezier)`})])]),Nt={...M.props,to:i.propTo,bordered:{type:Boolean,default:void 0},clearable:Boolean,clearCreatedOptionsOnClear:{type:Boolean,default:!0},clearFilterAfterSelect:{type:Boolean,default:!0},options:{type:Array,default:()=>[]},defaultValue:{type:[String,Number,Array],default:null},keyboard:{type:Boolean,default:!0},value:[String,Number,Array],placeholder:String,menuProps:Object,multiple:Boolean,size:String,menuSize:{type:String},filterable:Boolean,disabled:{type:Boolean,default:void 0},remote:Boolean,loading:Boolean,filter:Function,placement:{type:String,default:`bottom-start`},widthMode:{type:String,default:`trigger`},tag:Boolean,onCreate:Function,fallbackOption:{type:[Function,Boolean],default:void 0},show:{type:Boolean,default:void 0},showArrow:{type:Boolean,default:!0},maxTagCount:[Number,String],ellipsisTagPopoverProps:Object,consistentMenuWidth:{type:Boolean,default:!0},virtualScroll:{type:Boolean,default:!0},labelField:{type:String,default:`label`},valueField:{type:String,default:`value`},childrenField:{type:String,default:`children`},renderLabel:Function,renderOption:Function,renderTag:Function,"onUpdate:value":[Function,Array],inputProps:Object,nodeProps:Function,ignoreComposition:{type:Boolean,default:!0},showOnFocus:Boolean,onUpdateValue:[Function,Array],onBlur:[Function,Array],onClear:[Function,Array],onFocus:[Function,Array],onScroll:[Function,Array],onSearch:[Function,Array],onUpdateShow:[Function,Array],"onUpdate:show":[Function,Array],displayDirective:{type:String,default:`show`},resetMenuOnOptionsChange:{type:Boolean,default:!0},status:String,showCheckmark:{type:Boolean,default:!0},scrollbarProps:Object,onChange:[Function,Array],items:Array},Pt=J({name:`Select`,props:Nt,slots:Object,setup(e){let{mergedClsPrefixRef:n,mergedBorderedRef:r,namespaceRef:a,inlineThemeDisabled:o,mergedComponentPropsRef:s}=te(e),c=M(`Select`,`-select`,Mt,g,e,n),l=Q(e.defaultValue),u=$(e,`value`),f=we(u,l),p=Q(!1),m=Q(``),h=_(e,[`items`,`options`]),v=Q([]),y=Q([]),b=q(()=>y.value.concat(v.value).concat(h.value)),x=q(()=>{let{filter:t}=e;if(t)return t;let{labelField:n,valueField:r}=e;return(e,t)=>{if(!t)return!1;let i=t[n];if(typeof i==`string`)return bt(e,i);let a=t[r];return typeof a==`string`?bt(e,a):typeof a==`number`&&bt(e,String(a))}}),C=q(()=>{if(e.remote)return h.value;{let{value:t}=b,{value:n}=m;return!n.length||!e.filterable?t:St(t,x.value,n,e.childrenField)}}),w=q(()=>{let{valueField:t,childrenField:n}=e,r=xt(t,n);return d(C.value,r)}),T=q(()=>Ct(b.value,e.valueField,e.childrenField)),E=Q(!1),D=we($(e,`show`),E),O=Q(null),k=Q(null),A=Q(null),{localeRef:j}=ce(`Select`),N=q(()=>e.placeholder??j.value.placeholder),P=[],I=Q(new Map),L=q(()=>{let{fallbackOption:t}=e;if(t===void 0){let{labelField:t,valueField:n}=e;return e=>({[t]:String(e),[n]:e})}return t===!1?!1:e=>Object.assign(t(e),{value:e})});function R(t){let n=e.remote,{value:r}=I,{value:i}=T,{value:a}=L,o=[];return t.forEach(e=>{if(i.has(e))o.push(i.get(e));else if(n&&r.has(e))o.push(r.get(e));else if(a){let t=a(e);t&&o.push(t)}}),o}let re=q(()=>{if(e.multiple){let{value:e}=f;return Array.isArray(e)?R(e):[]}return null}),z=q(()=>{let{value:t}=f;return!e.multiple&&!Array.isArray(t)?t===null?null:R([t])[0]||null:null}),ae=ie(e,{mergedSize:t=>{let{size:n}=e;if(n)return n;let{mergedSize:r}=t||{};return r?.value?r.value:s?.value?.Select?.size||`medium`}}),{mergedSizeRef:oe,mergedDisabledRef:B,mergedStatusRef:V}=ae;function se(t,n){let{onChange:r,"onUpdate:value":i,onUpdateValue:a}=e,{nTriggerFormChange:o,nTriggerFormInput:s}=ae;r&&F(r,t,n),a&&F(a,t,n),i&&F(i,t,n),l.value=t,o(),s()}function le(t){let{onBlur:n}=e,{nTriggerFormBlur:r}=ae;n&&F(n,t),r()}function H(){let{onClear:t}=e;t&&F(t)}function ue(t){let{onFocus:n,showOnFocus:r}=e,{nTriggerFormFocus:i}=ae;n&&F(n,t),i(),r&&W()}function fe(t){let{onSearch:n}=e;n&&F(n,t)}function pe(t){let{onScroll:n}=e;n&&F(n,t)}function me(){let{remote:t,multiple:n}=e;if(t){let{value:t}=I;if(n){let{valueField:n}=e;re.value?.forEach(e=>{t.set(e[n],e)})}else{let n=z.value;n&&t.set(n[e.valueField],n)}}}function U(t){let{onUpdateShow:n,"onUpdate:show":r}=e;n&&F(n,t),r&&F(r,t),E.value=t}function W(){B.value||(U(!0),E.value=!0,e.filterable&&Ne())}function G(){U(!1)}function he(){m.value=``,y.value=P}let K=Q(!1);function ge(){e.filterable&&(K.value=!0)}function _e(){e.filterable&&(K.value=!1,D.value||he())}function J(){B.value||(D.value?e.filterable?Ne():G():W())}function Y(e){A.value?.selfRef?.contains(e.relatedTarget)||(p.value=!1,le(e),G())}function ve(e){ue(e),p.value=!0}function X(){p.value=!0}function ye(e){O.value?.$el.contains(e.relatedTarget)||(p.value=!1,le(e),G())}function be(){O.value?.focus(),G()}function Z(e){D.value&&(O.value?.$el.contains(Se(e))||G())}function xe(t){if(!Array.isArray(t))return[];if(L.value)return Array.from(t);{let{remote:n}=e,{value:r}=T;if(n){let{value:e}=I;return t.filter(t=>r.has(t)||e.has(t))}return t.filter(e=>r.has(e))}}function Ce(e){Te(e.rawNode)}function Te(t){if(B.value)return;let{tag:n,remote:r,clearFilterAfterSelect:i,valueField:a}=e;if(n&&!r){let{value:e}=y,t=e[0]||null;if(t){let e=v.value;e.length?e.push(t):v.value=[t],y.value=P}}if(r&&I.value.set(t[a],t),e.multiple){let e=xe(f.value),o=e.findIndex(e=>e===t[a]);if(~o){if(e.splice(o,1),n&&!r){let e=Ee(t[a]);~e&&(v.value.splice(e,1),i&&(m.value=``))}}else e.push(t[a]),i&&(m.value=``);se(e,R(e))}else{if(n&&!r){let e=Ee(t[a]);~e?v.value=[v.value[e]]:v.value=P}Me(),G(),se(t[a],t)}}function Ee(t){return v.value.findIndex(n=>n[e.valueField]===t)}function De(t){D.value||W();let{value:n}=t.target;m.value=n;let{tag:r,remote:i}=e;if(fe(n),r&&!i){if(!n){y.value=P;return}let{onCreate:t}=e,r=t?t(n):{[e.labelField]:n,[e.valueField]:n},{valueField:i,labelField:a}=e;h.value.some(e=>e[i]===r[i]||e[a]===r[a])||v.value.some(e=>e[i]===r[i]||e[a]===r[a])?y.value=P:y.value=[r]}}function Oe(t){t.stopPropagation();let{multiple:n,tag:r,remote:i,clearCreatedOptionsOnClear:a}=e;!n&&e.filterable&&G(),r&&!i&&a&&(v.value=P),H(),n?se([],[]):se(null,null)}function ke(e){t(e,`action`)||t(e,`empty`)||t(e,`header`)||e.preventDefault()}function Ae(e){pe(e)}function je(t){if(!e.keyboard)t.preventDefault();else switch(t.key){case` `:if(e.filterable)break;t.preventDefault();case`Enter`:if(!O.value?.isComposing){if(D.value){let t=A.value?.getPendingTmNode();t?Ce(t):e.filterable||(G(),Me())}else if(W(),e.tag&&K.value){let t=y.value[0];if(t){let n=t[e.valueField],{value:r}=f;e.multiple&&Array.isArray(r)&&r.includes(n)||Te(t)}}}t.preventDefault();break;case`ArrowUp`:if(t.preventDefault(),e.loading)return;D.value&&A.value?.prev();break;case`ArrowDown`:if(t.preventDefault(),e.loading)return;D.value?A.value?.next():W();break;case`Escape`:D.value&&(S(t),G()),O.value?.focus()}}function Me(){O.value?.focus()}function Ne(){O.value?.focusInput()}function Pe(){D.value&&k.value?.syncPosition()}me(),de($(e,`options`),me);let Fe={focus:()=>{O.value?.focus()},focusInput:()=>{O.value?.focusInput()},blur:()=>{O.value?.blur()},blurInput:()=>{O.value?.blurInput()}},Ie=q(()=>{let{self:{menuBoxShadow:e}}=c.value;return{"--n-menu-box-shadow":e}}),Le=o?ne(`select`,void 0,Ie,e):void 0;return{...Fe,mergedStatus:V,mergedClsPrefix:n,mergedBordered:r,namespace:a,treeMate:w,isMounted:ee(),triggerRef:O,menuRef:A,pattern:m,uncontrolledShow:E,mergedShow:D,adjustedTo:i(e),uncontrolledValue:l,mergedValue:f,followerRef:k,localizedPlaceholder:N,selectedOption:z,selectedOptions:re,mergedSize:oe,mergedDisabled:B,focused:p,activeWithoutMenuOpen:K,inlineThemeDisabled:o,onTriggerInputFocus:ge,onTriggerInputBlur:_e,handleTriggerOrMenuResize:Pe,handleMenuFocus:X,handleMenuBlur:ye,handleMenuTabOut:be,handleTriggerClick:J,handleToggle:Ce,handleDeleteOption:Te,handlePatternInput:De,handleClear:Oe,handleTriggerBlur:Y,handleTriggerFocus:ve,handleKeydown:je,handleMenuAfterLeave:he,handleMenuClickOutside:Z,handleMenuScroll:Ae,handleMenuKeydown:je,handleMenuMousedown:ke,mergedTheme:c,cssVars:o?void 0:Ie,themeClass:Le?.themeClass,onRender:Le?.onRender}},render(){return Y(),W(`div`,{class:k(`${this.mergedClsPrefix}-select`)},[ue(u,null,{_:1,default:j(()=>[(Y(),Z(f,null,{_:1,default:j(()=>(Y(),Z(jt,{ref:`triggerRef`,inlineThemeDisabled:this.inlineThemeDisabled,status:this.mergedStatus,inputProps:this.inputProps,clsPrefix:this.mergedClsPrefix,showArrow:this.showArrow,maxTagCount:this.maxTagCount,ellipsisTagPopoverProps:this.ellipsisTagPopoverProps,bordered:this.mergedBordered,active:this.activeWithoutMenuOpen||this.mergedShow,pattern:this.pattern,placeholder:this.localizedPlaceholder,selectedOption:this.selectedOption,selectedOptions:this.selectedOptions,multiple:this.multiple,renderTag:this.renderTag,renderLabel:this.renderLabel,filterable:this.filterable,clearable:this.clearable,disabled:this.mergedDisabled,size:this.mergedSize,theme:this.mergedTheme.peers.InternalSelection,labelField:this.labelField,valueField:this.valueField,themeOverrides:this.mergedTheme.peerOverrides.InternalSelection,loading:this.loading,focused:this.focused,onClick:this.handleTriggerClick,onDeleteOption:this.handleDeleteOption,onPatternInput:this.handlePatternInput,onClear:this.handleClear,onBlur:this.handleTriggerBlur,onFocus:this.handleTriggerFocus,onKeydown:this.handleKeydown,onPatternBlur:this.onTriggerInputBlur,onPatternFocus:this.onTriggerInputFocus,onResize:this.handleTriggerOrMenuResize,ignoreComposition:this.ignoreComposition},{_:1,arrow:j(()=>[this.$slots.arrow?.()])},8,`inlineThemeDisabled.status.inputProps.clsPrefix.showArrow.maxTagCount.ellipsisTagPopoverProps.bordered.active.pattern.placeholder.selectedOption.selectedOptions.multiple.renderTag.renderLabel.filterable.clearable.disabled.size.theme.labelField.valueField.themeOverrides.loading.focused.onClick.onDeleteOption.onPatternInput.onClear.onBlur.onFocus.onKeydown.onPatternBlur.onPatternFocus.onResize.ignoreComposition`.split(`.`))))})),(Y(),Z(c,{ref:`followerRef`,show:this.mergedShow,to:this.adjustedTo,teleportDisabled:this.adjustedTo===i.tdkey,containerClass:this.namespace,width:this.consistentMenuWidth?`target`:void 0,minWidth:`target`,placement:this.placement},{_:1,default:j(()=>(Y(),Z(Me,{name:`fade-in-scale-up-transition`,appear:this.isMounted,onAfterLeave:this.handleMenuAfterLeave},{_:1,default:j(()=>this.mergedShow||this.displayDirective===`show`?(this.onRender?.(),me((Y(),Z(_t,K(this.menuProps,{ref:`menuRef`,onResize:this.handleTriggerOrMenuResize,inlineThemeDisabled:this.inlineThemeDisabled,virtualScroll:this.consistentMenuWidth&&this.virtualScroll,class:[`${this.mergedClsPrefix}-select-menu`,this.themeClass,this.menuProps?.class],clsPrefix:this.mergedClsPrefix,focusable:!0,labelField:this.labelField,valueField:this.valueField,autoPending:!0,nodeProps:this.nodeProps,theme:this.mergedTheme.peers.InternalSelectMenu,themeOverrides:this.mergedTheme.peerOverrides.InternalSelectMenu,treeMate:this.treeMate,multiple:this.multiple,size:this.menuSize,renderOption:this.renderOption,renderLabel:this.renderLabel,value:this.mergedValue,style:[this.menuProps?.style,this.cssVars],onToggle:this.handleToggle,onScroll:this.handleMenuScroll,onFocus:this.handleMenuFocus,onBlur:this.handleMenuBlur,onKeydown:this.handleMenuKeydown,onTabOut:this.handleMenuTabOut,onMousedown:this.handleMenuMousedown,show:this.mergedShow,showCheckmark:this.showCheckmark,resetMenuOnOptionsChange:this.resetMenuOnOptionsChange,scrollbarProps:this.scrollbarProps}),{_:1,empty:j(()=>[this.$slots.empty?.()]),header:j(()=>[this.$slots.header?.()]),action:j(()=>[this.$slots.action?.()])},16,`onResize.inlineThemeDisabled.virtualScroll.class.clsPrefix.labelField.valueField.nodeProps.theme.themeOverrides.treeMate.multiple.size.renderOption.renderLabel.value.style.onToggle.onScroll.onFocus.onBlur.onKeydown.onTabOut.onMousedown.show.showCheckmark.resetMenuOnOptionsChange.scrollbarProps`.split(`.`))),this.displayDirective===`show`?[[Ne,this.mergedShow],[x,this.handleMenuClickOutside,void 0,{capture:!0}]]:[[x,this.handleMenuClickOutside,void 0,{capture:!0}]])):null)},8,[`appear`,`onAfterLeave`])))},8,[`show`,`to`,`teleportDisabled`,`containerClass`,`width`,`placement`]))])})],2)}});export{Pt as t};