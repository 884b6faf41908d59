import{C as e,D as t,S as n,n as r,t as i,v as a,y as o}from"./Icon-CiKtbQvp.js";import{B as s,D as c,Ht as l,J as u,On as d,Ut as f,Yt as p,_ as m,b as h,ct as g,er as _,et as v,g as y,gt as b,it as x,k as S,mt as C,nt as w,o as T,ot as E,tr as D,tt as O,v as k,vn as A,wn as j,xt as M,yn as N}from"./runtime-core.esm-bundler-wlpNGAAZ.js";import{$t as P,A as ee,B as F,D as I,G as L,I as te,K as ne,L as R,O as z,P as re,Qt as B,R as ie,S as V,T as ae,U as H,X as U,Xt as W,Y as oe,Yt as G,at as K,c as se,ct as q,d as ce,en as J,et as le,ft as ue,it as de,j as fe,mn as pe,mt as me,n as he,nt as ge,o as _e,ot as Y,p as ve,rt as ye,s as X,tn as Z,tt as Q,u as be,ut as xe,w as Se,y as Ce,z as we}from"./say-CRknWSi_.js";import{a as Te,n as Ee,r as De}from"./ProblemBox-DQE3SI0L.js";import{A as Oe,B as ke,E as Ae,G as je,J as Me,S as Ne,T as Pe,U as Fe,c as Ie,d as Le,h as Re,j as ze,l as Be,m as Ve,n as He,o as Ue,p as We,q as Ge,r as Ke,s as qe,u as Je,w as Ye,x as Xe,y as Ze,z as Qe}from"./task_types-uNqFwgWX.js";var $e=S({name:`Empty`,render(){return(()=>{let e=de(`15c1a247ae156450`);return e[0]||=m(`svg`,{viewBox:`0 0 28 28`,fill:`none`,xmlns:`http://www.w3.org/2000/svg`},[m(`path`,{d:`M26 7.5C26 11.0899 23.0899 14 19.5 14C15.9101 14 13 11.0899 13 7.5C13 3.91015 15.9101 1 19.5 1C23.0899 1 26 3.91015 26 7.5ZM16.8536 4.14645C16.6583 3.95118 16.3417 3.95118 16.1464 4.14645C15.9512 4.34171 15.9512 4.65829 16.1464 4.85355L18.7929 7.5L16.1464 10.1464C15.9512 10.3417 15.9512 10.6583 16.1464 10.8536C16.3417 11.0488 16.6583 11.0488 16.8536 10.8536L19.5 8.20711L22.1464 10.8536C22.3417 11.0488 22.6583 11.0488 22.8536 10.8536C23.0488 10.6583 23.0488 10.3417 22.8536 10.1464L20.2071 7.5L22.8536 4.85355C23.0488 4.65829 23.0488 4.34171 22.8536 4.14645C22.6583 3.95118 22.3417 3.95118 22.1464 4.14645L19.5 6.79289L16.8536 4.14645Z`,fill:`currentColor`}),m(`path`,{d:`M25 22.75V12.5991C24.5572 13.0765 24.053 13.4961 23.5 13.8454V16H17.5L17.3982 16.0068C17.0322 16.0565 16.75 16.3703 16.75 16.75C16.75 18.2688 15.5188 19.5 14 19.5C12.4812 19.5 11.25 18.2688 11.25 16.75L11.2432 16.6482C11.1935 16.2822 10.8797 16 10.5 16H4.5V7.25C4.5 6.2835 5.2835 5.5 6.25 5.5H12.2696C12.4146 4.97463 12.6153 4.47237 12.865 4H6.25C4.45507 4 3 5.45507 3 7.25V22.75C3 24.5449 4.45507 26 6.25 26H21.75C23.5449 26 25 24.5449 25 22.75ZM4.5 22.75V17.5H9.81597L9.85751 17.7041C10.2905 19.5919 11.9808 21 14 21L14.215 20.9947C16.2095 20.8953 17.842 19.4209 18.184 17.5H23.5V22.75C23.5 23.7165 22.7165 24.5 21.75 24.5H6.25C5.2835 24.5 4.5 23.7165 4.5 22.75Z`,fill:`currentColor`})],-1)})()}}),et=W(`empty`,`
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
 `,[G(`+`,[B(`description`,`
 margin-top: 8px;
 `)])]),B(`description`,`
 transition: color .3s var(--n-bezier);
 color: var(--n-text-color);
 `),B(`extra`,`
 text-align: center;
 transition: color .3s var(--n-bezier);
 margin-top: 12px;
 color: var(--n-extra-text-color);
 `)]),tt={...L.props,description:String,showDescription:{type:Boolean,default:!0},showIcon:{type:Boolean,default:!0},size:{type:String,default:`medium`},renderIcon:Function},nt=S({name:`Empty`,props:tt,slots:Object,setup(e){let{mergedClsPrefixRef:t,inlineThemeDisabled:n,mergedComponentPropsRef:r}=ue(e),i=L(`Empty`,`-empty`,et,je,e,t),{localeRef:a}=Te(`Empty`),o=y(()=>e.description??r?.value?.Empty?.description),s=y(()=>r?.value?.Empty?.renderIcon||(()=>(C(),k($e)))),c=y(()=>{let{size:t}=e,{common:{cubicBezierEaseInOut:n},self:{[Z(`iconSize`,t)]:r,[Z(`fontSize`,t)]:a,textColor:o,iconColor:s,extraTextColor:c}}=i.value;return{"--n-icon-size":r,"--n-font-size":a,"--n-bezier":n,"--n-text-color":o,"--n-icon-color":s,"--n-extra-text-color":c}}),l=n?ne(`empty`,y(()=>{let t=``,{size:n}=e;return t+=n[0],t}),c,e):void 0;return{mergedClsPrefix:t,mergedRenderIcon:s,localizedDescription:y(()=>o.value||a.value.description),cssVars:n?void 0:c,themeClass:l?.themeClass,onRender:l?.onRender}},render(){let{$slots:e,mergedClsPrefix:t,onRender:n}=this;return n?.(),C(),h(`div`,{class:K([`${t}-empty`,this.themeClass]),style:_(this.cssVars)},[this.showIcon?(C(),h(`div`,{key:0,class:K(`${t}-empty__icon`)},[e.icon?(C(),h(T,{key:0},[q(()=>e.icon())],64)):(C(),k(H,{key:1,clsPrefix:t},{default:this.mergedRenderIcon},1032,[`clsPrefix`]))],2)):q(()=>null),this.showDescription?(C(),h(`div`,{key:2,class:K(`${t}-empty__description`)},[e.default?(C(),h(T,{key:0},[q(()=>e.default())],64)):(C(),h(T,{key:1},[q(()=>this.localizedDescription)],64))],2)):q(()=>null),e.extra?(C(),h(`div`,{key:4,class:K(`${t}-empty__extra`)},[q(()=>e.extra())],2)):q(()=>null)],6)}});function rt(e){return e&-e}var it=class{constructor(e,t){this.l=e,this.min=t;let n=Array(e+1);for(let t=0;t<e+1;++t)n[t]=0;this.ft=n}add(e,t){if(t===0)return;let{l:n,ft:r}=this;for(e+=1;e<=n;)r[e]+=t,e+=rt(e)}get(e){return this.sum(e+1)-this.sum(e)}sum(e){if(e===void 0&&(e=this.l),e<=0)return 0;let{ft:t,min:n,l:r}=this;if(e>r)throw Error("[FinweckTree.sum]: `i` is larger than length.");let i=e*n;for(;e>0;)i+=t[e],e-=rt(e);return i}getBound(e){let t=0,n=this.l;for(;n>t;){let r=Math.floor((t+n)/2),i=this.sum(r);if(i>e)n=r;else if(i<e){if(t===r)return this.sum(t+1)<=e?t+1:r;t=r}else return r}return t}},at;function ot(){return typeof document>`u`?!1:(at===void 0&&(at=`matchMedia`in window&&window.matchMedia(`(pointer:coarse)`).matches),at)}var st;function ct(){return typeof document>`u`?1:(st===void 0&&(st=`chrome`in window?window.devicePixelRatio:1),st)}var lt=`VVirtualListXScroll`;function ut({columnsRef:e,renderColRef:t,renderItemWithColsRef:n}){let r=A(0),i=A(0),a=y(()=>{let t=e.value;if(t.length===0)return null;let n=new it(t.length,0);return t.forEach((e,t)=>{n.add(t,e.width)}),n}),o=F(()=>{let e=a.value;return e===null?0:Math.max(e.getBound(i.value)-1,0)}),s=e=>{let t=a.value;return t===null?0:t.sum(e)},c=F(()=>{let t=a.value;return t===null?0:Math.min(t.getBound(i.value+r.value)+1,e.value.length-1)});return b(lt,{startIndexRef:o,endIndexRef:c,columnsRef:e,renderColRef:t,renderItemWithColsRef:n,getLeft:s}),{listWidthRef:r,scrollLeftRef:i}}var dt=S({name:`VirtualListRow`,props:{index:{type:Number,required:!0},item:{type:Object,required:!0}},setup(){let{startIndexRef:e,endIndexRef:t,columnsRef:n,getLeft:r,renderColRef:i,renderItemWithColsRef:a}=u(lt);return{startIndex:e,endIndex:t,columns:n,renderCol:i,renderItemWithCols:a,getLeft:r}},render(){let{startIndex:e,endIndex:t,columns:n,renderCol:r,renderItemWithCols:i,getLeft:a,item:o}=this;if(i!=null)return i({itemIndex:this.index,startColIndex:e,endColIndex:t,allColumns:n,item:o,getLeft:a});if(r!=null){let i=[];for(let s=e;s<=t;++s){let e=n[s];i.push(r({column:e,left:a(s),item:o}))}return i}return null}}),ft=Xe(`.v-vl`,{maxHeight:`inherit`,height:`100%`,overflow:`auto`,minWidth:`1px`},[Xe(`&:not(.v-vl--show-scrollbar)`,{scrollbarWidth:`none`},[Xe(`&::-webkit-scrollbar, &::-webkit-scrollbar-track-piece, &::-webkit-scrollbar-thumb`,{width:0,height:0,display:`none`})])]),pt=S({name:`VirtualList`,inheritAttrs:!1,props:{showScrollbar:{type:Boolean,default:!0},columns:{type:Array,default:()=>[]},renderCol:Function,renderItemWithCols:Function,items:{type:Array,default:()=>[]},itemSize:{type:Number,required:!0},itemResizable:Boolean,itemsStyle:[String,Object],visibleItemsTag:{type:[String,Object],default:`div`},visibleItemsProps:Object,ignoreItemResize:Boolean,onScroll:Function,onWheel:Function,onResize:Function,defaultScrollKey:[Number,String],defaultScrollIndex:Number,keyField:{type:String,default:`key`},paddingTop:{type:[Number,String],default:0},paddingBottom:{type:[Number,String],default:0}},setup(e){let t=xe();ft.mount({id:`vueuc/virtual-list`,head:!0,anchorMetaName:Ne,ssr:t}),g(()=>{let{defaultScrollIndex:t,defaultScrollKey:n}=e;t==null?n!=null&&_({key:n}):_({index:t})});let n=!1,r=!1;w(()=>{n=!1,r?_({top:p.value,left:o.value}):r=!0}),E(()=>{n=!0,r||=!0});let i=F(()=>{if(e.renderCol==null&&e.renderItemWithCols==null||e.columns.length===0)return;let t=0;return e.columns.forEach(e=>{t+=e.width}),t}),a=y(()=>{let t=new Map,{keyField:n}=e;return e.items.forEach((e,r)=>{t.set(e[n],r)}),t}),{scrollLeftRef:o,listWidthRef:s}=ut({columnsRef:j(e,`columns`),renderColRef:j(e,`renderCol`),renderItemWithColsRef:j(e,`renderItemWithCols`)}),c=A(null),l=A(void 0),u=new Map,d=y(()=>{let{items:t,itemSize:n,keyField:r}=e,i=new it(t.length,n);return t.forEach((e,t)=>{let n=e[r],a=u.get(n);a!==void 0&&i.add(t,a)}),i}),f=A(0),p=A(0),m=F(()=>Math.max(d.value.getBound(p.value-le(e.paddingTop))-1,0)),h=y(()=>{let{value:t}=l;if(t===void 0)return[];let{items:n,itemSize:r}=e,i=m.value,a=Math.min(i+Math.ceil(t/r+1),n.length-1),o=[];for(let e=i;e<=a;++e)o.push(n[e]);return o}),_=(e,t)=>{if(typeof e==`number`){S(e,t,`auto`);return}let{left:n,top:r,index:i,key:o,position:s,behavior:c,debounce:l=!0}=e;if(n!==void 0||r!==void 0)S(n,r,c);else if(i!==void 0)x(i,c,l);else if(o!==void 0){let e=a.value.get(o);e!==void 0&&x(e,c,l)}else s===`bottom`?S(0,2**53-1,c):s===`top`&&S(0,0,c)},v,b=null;function x(t,n,r){let i=c.value;if(i==null)return;let{value:a}=d,o=a.sum(t)+le(e.paddingTop);if(!r)i.scrollTo({left:0,top:o,behavior:n});else{v=t,b!==null&&window.clearTimeout(b),b=window.setTimeout(()=>{v=void 0,b=null},16);let{scrollTop:e,offsetHeight:r}=i;if(o>e){let s=a.get(t);o+s<=e+r||i.scrollTo({left:0,top:o+s-r,behavior:n})}else i.scrollTo({left:0,top:o,behavior:n})}}function S(e,t,n){c.value?.scrollTo({left:e,top:t,behavior:n})}function C(t,r){if(n||e.ignoreItemResize||P(r.target))return;let{value:i}=d,o=a.value.get(t),s=i.get(o),l=r.borderBoxSize?.[0]?.blockSize??r.contentRect.height;if(l===s)return;l-e.itemSize===0?u.delete(t):u.set(t,l-e.itemSize);let p=l-s;if(p===0)return;i.add(o,p);let m=c.value;if(m!=null){if(v===void 0){let e=i.sum(o);m.scrollTop>e&&m.scrollBy(0,p)}else(o<v||o===v&&l+i.sum(o)>m.scrollTop+m.offsetHeight)&&m.scrollBy(0,p);N()}f.value++}let T=!ot(),D=!1;function O(t){var n;(n=e.onScroll)==null||n.call(e,t),T&&D||N()}function k(t){var n;if((n=e.onWheel)==null||n.call(e,t),T){let e=c.value;if(e!=null){if(t.deltaX===0&&(e.scrollTop===0&&t.deltaY<=0||e.scrollTop+e.offsetHeight>=e.scrollHeight&&t.deltaY>=0))return;t.preventDefault(),e.scrollTop+=t.deltaY/ct(),e.scrollLeft+=t.deltaX/ct(),N(),D=!0,Me(()=>{D=!1})}}}function M(t){if(n||P(t.target))return;if(e.renderCol==null&&e.renderItemWithCols==null){if(t.contentRect.height===l.value)return}else if(t.contentRect.height===l.value&&t.contentRect.width===s.value)return;l.value=t.contentRect.height,s.value=t.contentRect.width;let{onResize:r}=e;r!==void 0&&r(t)}function N(){let{value:e}=c;e!=null&&(p.value=e.scrollTop,o.value=e.scrollLeft)}function P(e){let t=e;for(;t!==null;){if(t.style.display===`none`)return!0;t=t.parentElement}return!1}return{listHeight:l,listStyle:{overflow:`auto`},keyToIndex:a,itemsStyle:y(()=>{let{itemResizable:t}=e,n=ge(d.value.sum());return f.value,[e.itemsStyle,{boxSizing:`content-box`,width:ge(i.value),height:t?``:n,minHeight:t?n:``,paddingTop:ge(e.paddingTop),paddingBottom:ge(e.paddingBottom)}]}),visibleItemsStyle:y(()=>(f.value,{transform:`translateY(${ge(d.value.sum(m.value))})`})),viewportItems:h,listElRef:c,itemsElRef:A(null),scrollTo:_,handleListResize:M,handleListScroll:O,handleListWheel:k,handleItemResize:C}},render(){let{itemResizable:e,keyField:t,keyToIndex:n,visibleItemsTag:r}=this;return s(I,{onResize:this.handleListResize},{default:()=>{var i;return s(`div`,v(this.$attrs,{class:[`v-vl`,this.showScrollbar&&`v-vl--show-scrollbar`],onScroll:this.handleListScroll,onWheel:this.handleListWheel,ref:`listElRef`}),[this.items.length===0?(i=this.$slots).empty?.call(i):s(`div`,{ref:`itemsElRef`,class:`v-vl-items`,style:this.itemsStyle},[s(r,Object.assign({class:`v-vl-visible-items`,style:this.visibleItemsStyle},this.visibleItemsProps),{default:()=>{let{renderCol:r,renderItemWithCols:i}=this;return this.viewportItems.map(a=>{let o=a[t],c=n.get(o),l=r==null?void 0:s(dt,{index:c,item:a}),u=i==null?void 0:s(dt,{index:c,item:a}),d=this.$slots.default({item:a,renderedCols:l,renderedItemWithCols:u,index:c})[0];return e?s(I,{key:o,onResize:e=>this.handleItemResize(o,e)},{default:()=>d}):(d.key=o,d)})}})])])}})}}),$=`v-hidden`,mt=Xe(`[v-hidden]`,{display:`none!important`}),ht=S({name:`Overflow`,props:{getCounter:Function,getTail:Function,updateCounter:Function,onUpdateCount:Function,onUpdateOverflow:Function},setup(e,{slots:t}){let n=A(null),r=A(null);function i(i){let{value:a}=n,{getCounter:o,getTail:s}=e,c;if(c=o===void 0?r.value:o(),!a||!c)return;c.hasAttribute($)&&c.removeAttribute($);let{children:l}=a;if(i.showAllItemsBeforeCalculate)for(let e of l)e.hasAttribute($)&&e.removeAttribute($);let u=a.offsetWidth,d=[],f=t.tail?s?.():null,p=f?f.offsetWidth:0,m=!1,h=a.children.length-+!!t.tail;for(let t=0;t<h-1;++t){if(t<0)continue;let n=l[t];if(m){n.hasAttribute($)||n.setAttribute($,``);continue}n.hasAttribute($)&&n.removeAttribute($);let r=n.offsetWidth;if(p+=r,d[t]=r,p>u){let{updateCounter:n}=e;for(let r=t;r>=0;--r){let i=h-1-r;n===void 0?c.textContent=`${i}`:n(i);let a=c.offsetWidth;if(p-=d[r],p+a<=u||r===0){m=!0,t=r-1,f&&(t===-1?(f.style.maxWidth=`${u-a}px`,f.style.boxSizing=`border-box`):f.style.maxWidth=``);let{onUpdateCount:n}=e;n&&n(i);break}}}}let{onUpdateOverflow:g}=e;m?g!==void 0&&g(!0):(g!==void 0&&g(!1),c.setAttribute($,``))}let a=xe();return mt.mount({id:`vueuc/overflow`,head:!0,anchorMetaName:Ne,ssr:a}),g(()=>i({showAllItemsBeforeCalculate:!1})),{selfRef:n,counterRef:r,sync:i}},render(){let{$slots:e}=this;return O(()=>this.sync({showAllItemsBeforeCalculate:!1})),s(`div`,{class:`v-overflow`,ref:`selfRef`},[M(e,`default`),e.counter?e.counter():s(`span`,{style:{display:`inline-block`},ref:`counterRef`}),e.tail?e.tail():null])}});function gt(e){let{textColor2:t,primaryColorHover:n,primaryColorPressed:r,primaryColor:i,infoColor:a,successColor:o,warningColor:s,errorColor:c,baseColor:l,borderColor:u,opacityDisabled:d,tagColor:f,closeIconColor:p,closeIconColorHover:m,closeIconColorPressed:h,borderRadiusSmall:g,fontSizeMini:_,fontSizeTiny:v,fontSizeSmall:y,fontSizeMedium:b,heightMini:x,heightTiny:S,heightSmall:C,heightMedium:w,closeColorHover:T,closeColorPressed:E,buttonColor2Hover:D,buttonColor2Pressed:O,fontWeightStrong:k}=e;return{...Ve,closeBorderRadius:g,heightTiny:x,heightSmall:S,heightMedium:C,heightLarge:w,borderRadius:g,opacityDisabled:d,fontSizeTiny:_,fontSizeSmall:v,fontSizeMedium:y,fontSizeLarge:b,fontWeightStrong:k,textColorCheckable:t,textColorHoverCheckable:t,textColorPressedCheckable:t,textColorChecked:l,colorCheckable:`#0000`,colorHoverCheckable:D,colorPressedCheckable:O,colorChecked:i,colorCheckedHover:n,colorCheckedPressed:r,border:`1px solid ${u}`,textColor:t,color:f,colorBordered:`rgb(250, 250, 252)`,closeIconColor:p,closeIconColorHover:m,closeIconColorPressed:h,closeColorHover:T,closeColorPressed:E,borderPrimary:`1px solid ${U(i,{alpha:.3})}`,textColorPrimary:i,colorPrimary:U(i,{alpha:.12}),colorBorderedPrimary:U(i,{alpha:.1}),closeIconColorPrimary:i,closeIconColorHoverPrimary:i,closeIconColorPressedPrimary:i,closeColorHoverPrimary:U(i,{alpha:.12}),closeColorPressedPrimary:U(i,{alpha:.18}),borderInfo:`1px solid ${U(a,{alpha:.3})}`,textColorInfo:a,colorInfo:U(a,{alpha:.12}),colorBorderedInfo:U(a,{alpha:.1}),closeIconColorInfo:a,closeIconColorHoverInfo:a,closeIconColorPressedInfo:a,closeColorHoverInfo:U(a,{alpha:.12}),closeColorPressedInfo:U(a,{alpha:.18}),borderSuccess:`1px solid ${U(o,{alpha:.3})}`,textColorSuccess:o,colorSuccess:U(o,{alpha:.12}),colorBorderedSuccess:U(o,{alpha:.1}),closeIconColorSuccess:o,closeIconColorHoverSuccess:o,closeIconColorPressedSuccess:o,closeColorHoverSuccess:U(o,{alpha:.12}),closeColorPressedSuccess:U(o,{alpha:.18}),borderWarning:`1px solid ${U(s,{alpha:.35})}`,textColorWarning:s,colorWarning:U(s,{alpha:.15}),colorBorderedWarning:U(s,{alpha:.12}),closeIconColorWarning:s,closeIconColorHoverWarning:s,closeIconColorPressedWarning:s,closeColorHoverWarning:U(s,{alpha:.12}),closeColorPressedWarning:U(s,{alpha:.18}),borderError:`1px solid ${U(c,{alpha:.23})}`,textColorError:c,colorError:U(c,{alpha:.1}),colorBorderedError:U(c,{alpha:.08}),closeIconColorError:c,closeIconColorHoverError:c,closeIconColorPressedError:c,closeColorHoverError:U(c,{alpha:.12}),closeColorPressedError:U(c,{alpha:.18})}}var _t={name:`Tag`,common:oe,self:gt},vt={color:Object,type:{type:String,default:`default`},round:Boolean,size:String,closable:Boolean,disabled:{type:Boolean,default:void 0}},yt=W(`tag`,`
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
 `,[J(`disabled`,[G(`&:hover`,`background-color: var(--n-color-hover-checkable);`,[J(`checked`,`color: var(--n-text-color-hover-checkable);`)]),G(`&:active`,`background-color: var(--n-color-pressed-checkable);`,[J(`checked`,`color: var(--n-text-color-pressed-checkable);`)])]),P(`checked`,`
 color: var(--n-text-color-checked);
 background-color: var(--n-color-checked);
 `,[J(`disabled`,[G(`&:hover`,`background-color: var(--n-color-checked-hover);`),G(`&:active`,`background-color: var(--n-color-checked-pressed);`)])])])]),bt=[`onClick`,`onMouseenter`,`onMouseleave`],xt={...L.props,...vt,bordered:{type:Boolean,default:void 0},checked:Boolean,checkable:Boolean,strong:Boolean,triggerClickOnClose:Boolean,onClose:[Array,Function],onMouseenter:Function,onMouseleave:Function,"onUpdate:checked":Function,onUpdateChecked:Function,internalCloseFocusable:{type:Boolean,default:!0},internalCloseIsButtonTag:{type:Boolean,default:!0},onCheckedChange:Function},St=me(`n-tag`),Ct=S({name:`Tag`,props:xt,slots:Object,setup(e){let t=A(null),{mergedBorderedRef:n,mergedClsPrefixRef:r,inlineThemeDisabled:i,mergedRtlRef:a,mergedComponentPropsRef:o}=ue(e),s=y(()=>e.size||o?.value?.Tag?.size||`medium`),c=L(`Tag`,`-tag`,yt,_t,e,r);b(St,{roundRef:j(e,`round`)});function l(){if(!e.disabled&&e.checkable){let{checked:t,onCheckedChange:n,onUpdateChecked:r,"onUpdate:checked":i}=e;r&&r(!t),i&&i(!t),n&&n(!t)}}function u(t){if(e.triggerClickOnClose||t.stopPropagation(),!e.disabled){let{onClose:n}=e;n&&R(n,t)}}let d={setTextContent(e){let{value:n}=t;n&&(n.textContent=e)}},f=fe(`Tag`,a,r),p=y(()=>{let{type:t,color:{color:r,textColor:i}={}}=e,a=s.value,{common:{cubicBezierEaseInOut:o},self:{padding:l,closeMargin:u,borderRadius:d,opacityDisabled:f,textColorCheckable:p,textColorHoverCheckable:m,textColorPressedCheckable:h,textColorChecked:g,colorCheckable:_,colorHoverCheckable:v,colorPressedCheckable:y,colorChecked:b,colorCheckedHover:x,colorCheckedPressed:S,closeBorderRadius:C,fontWeightStrong:w,[Z(`colorBordered`,t)]:T,[Z(`closeSize`,a)]:E,[Z(`closeIconSize`,a)]:D,[Z(`fontSize`,a)]:O,[Z(`height`,a)]:k,[Z(`color`,t)]:A,[Z(`textColor`,t)]:j,[Z(`border`,t)]:M,[Z(`closeIconColor`,t)]:N,[Z(`closeIconColorHover`,t)]:P,[Z(`closeIconColorPressed`,t)]:ee,[Z(`closeColorHover`,t)]:F,[Z(`closeColorPressed`,t)]:I}}=c.value,L=Q(u);return{"--n-font-weight-strong":w,"--n-avatar-size-override":`calc(${k} - 8px)`,"--n-bezier":o,"--n-border-radius":d,"--n-border":M,"--n-close-icon-size":D,"--n-close-color-pressed":I,"--n-close-color-hover":F,"--n-close-border-radius":C,"--n-close-icon-color":N,"--n-close-icon-color-hover":P,"--n-close-icon-color-pressed":ee,"--n-close-icon-color-disabled":N,"--n-close-margin-top":L.top,"--n-close-margin-right":L.right,"--n-close-margin-bottom":L.bottom,"--n-close-margin-left":L.left,"--n-close-size":E,"--n-color":r||(n.value?T:A),"--n-color-checkable":_,"--n-color-checked":b,"--n-color-checked-hover":x,"--n-color-checked-pressed":S,"--n-color-hover-checkable":v,"--n-color-pressed-checkable":y,"--n-font-size":O,"--n-height":k,"--n-opacity-disabled":f,"--n-padding":l,"--n-text-color":i||j,"--n-text-color-checkable":p,"--n-text-color-checked":g,"--n-text-color-hover-checkable":m,"--n-text-color-pressed-checkable":h}}),m=i?ne(`tag`,y(()=>{let t=``,{type:r,color:{color:i,textColor:a}={}}=e;return t+=r[0],t+=s.value[0],i&&(t+=`a${Se(i)}`),a&&(t+=`b${Se(a)}`),n.value&&(t+=`c`),t}),p,e):void 0;return{...d,rtlEnabled:f,mergedClsPrefix:r,contentRef:t,mergedBordered:n,handleClick:l,handleCloseClick:u,cssVars:i?void 0:p,themeClass:m?.themeClass,onRender:m?.onRender}},render(){let{mergedClsPrefix:e,rtlEnabled:t,closable:n,color:{borderColor:r}={},round:i,onRender:a,$slots:o}=this;a?.();let s=te(o.avatar,t=>t&&(C(),h(`div`,{class:K(`${e}-tag__avatar`)},[q(()=>t)],2))),c=te(o.icon,t=>t&&(C(),h(`div`,{class:K(`${e}-tag__icon`)},[q(()=>t)],2)));return C(),h(`div`,{class:K([`${e}-tag`,this.themeClass,{[`${e}-tag--rtl`]:t,[`${e}-tag--strong`]:this.strong,[`${e}-tag--disabled`]:this.disabled,[`${e}-tag--checkable`]:this.checkable,[`${e}-tag--checked`]:this.checkable&&this.checked,[`${e}-tag--round`]:i,[`${e}-tag--avatar`]:s,[`${e}-tag--icon`]:c,[`${e}-tag--closable`]:n}]),style:_(this.cssVars),onClick:this.handleClick,onMouseenter:this.onMouseenter,onMouseleave:this.onMouseleave},[q(()=>c||s),m(`span`,{class:K(`${e}-tag__content`),ref:`contentRef`},[q(()=>this.$slots.default?.())],2),!this.checkable&&n?(C(),k(We,{key:0,clsPrefix:e,class:K(`${e}-tag__close`),disabled:this.disabled,onClick:this.handleCloseClick,focusable:this.internalCloseFocusable,round:i,isButtonTag:this.internalCloseIsButtonTag,absolute:!0},null,8,[`clsPrefix`,`class`,`disabled`,`onClick`,`focusable`,`round`,`isButtonTag`])):q(()=>null),!this.checkable&&this.mergedBordered?(C(),h(`div`,{key:2,class:K(`${e}-tag__border`),style:_({borderColor:r})},null,6)):q(()=>null)],46,bt)}});function wt(e){switch(typeof e){case`string`:return e||void 0;case`number`:return String(e);default:return}}function Tt(e,t){t&&(g(()=>{let{value:n}=e;n&&z.registerHandler(n,t)}),l(e,(e,t)=>{t&&z.unregisterHandler(t)},{deep:!1}),x(()=>{let{value:t}=e;t&&z.unregisterHandler(t)}))}var Et=S({props:{onFocus:Function,onBlur:Function},setup(e){return()=>(()=>{let t=de(`d16ead82505dc285`);return C(),h(`div`,{style:`width: 0; height: 0`,tabindex:0,onFocus:t[0]||=t=>e.onFocus?.(t),onBlur:t[1]||=t=>e.onBlur?.(t)},null,32)})()}}),Dt=S({name:`NBaseSelectGroupHeader`,props:{clsPrefix:{type:String,required:!0},tmNode:{type:Object,required:!0}},setup(){let{renderLabelRef:e,renderOptionRef:t,labelFieldRef:n,nodePropsRef:r}=u(ke);return{labelField:n,nodeProps:r,renderLabel:e,renderOption:t}},render(){let{clsPrefix:e,renderLabel:t,renderOption:n,nodeProps:r,tmNode:{rawNode:i}}=this,a=r?.(i),o=t?t(i,!1):Le(i[this.labelField],i,!1),s=(C(),h(`div`,v(a,{class:[`${e}-base-select-group-header`,a?.class]}),[q(()=>o)],16));return i.render?i.render({node:s,option:i}):n?n({node:s,option:i,selected:!1}):s}});function Ot(e){let t=e.filter(e=>e!==void 0);if(t.length!==0)return t.length===1?t[0]:t=>{e.forEach(e=>{e&&e(t)})}}var kt=S({name:`Checkmark`,render(){return(()=>{let e=de(`3c84eac8ae4e1f96`);return e[0]||=m(`svg`,{xmlns:`http://www.w3.org/2000/svg`,viewBox:`0 0 16 16`},[m(`g`,{fill:`none`},[m(`path`,{d:`M14.046 3.486a.75.75 0 0 1-.032 1.06l-7.93 7.474a.85.85 0 0 1-1.188-.022l-2.68-2.72a.75.75 0 1 1 1.068-1.053l2.234 2.267l7.468-7.038a.75.75 0 0 1 1.06.032z`,fill:`currentColor`})])],-1)})()}}),At=[`onClick`,`onMouseenter`,`onMousemove`];function jt(t,n){return C(),k(e,{name:`fade-in-scale-up-transition`},{default:()=>t?(C(),k(H,{key:1,clsPrefix:n,class:K(`${n}-base-select-option__check`)},{default:()=>s(kt)},1032,[`clsPrefix`,`class`])):null},1024)}var Mt=S({name:`NBaseSelectOption`,props:{clsPrefix:{type:String,required:!0},tmNode:{type:Object,required:!0}},setup(e){let{valueRef:t,pendingTmNodeRef:n,multipleRef:r,valueSetRef:i,renderLabelRef:a,renderOptionRef:o,labelFieldRef:s,valueFieldRef:c,showCheckmarkRef:l,nodePropsRef:d,handleOptionClick:f,handleOptionMouseEnter:p}=u(ke),m=F(()=>{let{value:t}=n;return t?e.tmNode.key===t.key:!1});function h(t){let{tmNode:n}=e;n.disabled||f(t,n)}function g(t){let{tmNode:n}=e;n.disabled||p(t,n)}function _(t){let{tmNode:n}=e,{value:r}=m;n.disabled||r||p(t,n)}return{multiple:r,isGrouped:F(()=>{let{tmNode:t}=e,{parent:n}=t;return n&&n.rawNode.type===`group`}),showCheckmark:l,nodeProps:d,isPending:m,isSelected:F(()=>{let{value:n}=t,{value:a}=r;if(n===null)return!1;let o=e.tmNode.rawNode[c.value];if(a){let{value:e}=i;return e.has(o)}return n===o}),labelField:s,renderLabel:a,renderOption:o,handleMouseMove:_,handleMouseEnter:g,handleClick:h}},render(){let{clsPrefix:e,tmNode:{rawNode:t},isSelected:n,isPending:r,isGrouped:i,showCheckmark:a,nodeProps:o,renderOption:s,renderLabel:c,handleClick:l,handleMouseEnter:u,handleMouseMove:d}=this,f=jt(n,e),p=c?[c(t,n),a&&f]:[Le(t[this.labelField],t,n),a&&f],g=o?.(t),_=(C(),h(`div`,v(g,{class:[`${e}-base-select-option`,t.class,g?.class,{[`${e}-base-select-option--disabled`]:t.disabled,[`${e}-base-select-option--selected`]:n,[`${e}-base-select-option--grouped`]:i,[`${e}-base-select-option--pending`]:r,[`${e}-base-select-option--show-checkmark`]:a}],style:[g?.style||``,t.style||``],onClick:Ot([l,g?.onClick]),onMouseenter:Ot([u,g?.onMouseenter]),onMousemove:Ot([d,g?.onMousemove])}),[m(`div`,{class:K(`${e}-base-select-option__content`)},[q(()=>p)],2)],16,At));return t.render?t.render({node:_,option:t,selected:n}):s?s({node:_,option:t,selected:n}):_}}),Nt=W(`base-select-menu`,`
 line-height: 1.5;
 outline: none;
 z-index: 0;
 position: relative;
 border-radius: var(--n-border-radius);
 transition:
 background-color .3s var(--n-bezier),
 box-shadow .3s var(--n-bezier);
 background-color: var(--n-color);
`,[W(`scrollbar`,`
 max-height: var(--n-height);
 `),W(`virtual-list`,`
 max-height: var(--n-height);
 `),W(`base-select-option`,`
 min-height: var(--n-option-height);
 font-size: var(--n-option-font-size);
 display: flex;
 align-items: center;
 `,[B(`content`,`
 z-index: 1;
 white-space: nowrap;
 text-overflow: ellipsis;
 overflow: hidden;
 `)]),W(`base-select-group-header`,`
 min-height: var(--n-option-height);
 font-size: .93em;
 display: flex;
 align-items: center;
 `),W(`base-select-menu-option-wrapper`,`
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
 `),W(`base-select-group-header`,`
 position: relative;
 cursor: default;
 padding: var(--n-option-padding);
 color: var(--n-group-header-text-color);
 `),W(`base-select-option`,`
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
 `),G(`&::before`,`
 content: "";
 position: absolute;
 left: 4px;
 right: 4px;
 top: 0;
 bottom: 0;
 border-radius: var(--n-border-radius);
 transition: background-color .3s var(--n-bezier);
 `),G(`&:active`,`
 color: var(--n-option-text-color-pressed);
 `),P(`grouped`,`
 padding-left: calc(var(--n-option-padding-left) * 1.5);
 `),P(`pending`,[G(`&::before`,`
 background-color: var(--n-option-color-pending);
 `)]),P(`selected`,`
 color: var(--n-option-text-color-active);
 `,[G(`&::before`,`
 background-color: var(--n-option-color-active);
 `),P(`pending`,[G(`&::before`,`
 background-color: var(--n-option-color-active-pending);
 `)])]),P(`disabled`,`
 cursor: not-allowed;
 `,[J(`selected`,`
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
 `,[Je({enterScale:`0.5`})])])]),Pt=[`tabindex`,`onFocusin`,`onFocusout`,`onKeyup`,`onKeydown`,`onMousedown`,`onMouseenter`,`onMouseleave`],Ft=S({name:`InternalSelectMenu`,props:{...L.props,clsPrefix:{type:String,required:!0},scrollable:{type:Boolean,default:!0},treeMate:{type:Object,required:!0},multiple:Boolean,size:{type:String,default:`medium`},value:{type:[String,Number,Array],default:null},autoPending:Boolean,virtualScroll:{type:Boolean,default:!0},show:{type:Boolean,default:!0},labelField:{type:String,default:`label`},valueField:{type:String,default:`value`},loading:Boolean,focusable:Boolean,renderLabel:Function,renderOption:Function,nodeProps:Function,showCheckmark:{type:Boolean,default:!0},onMousedown:Function,onScroll:Function,onFocus:Function,onBlur:Function,onKeyup:Function,onKeydown:Function,onTabOut:Function,onMouseenter:Function,onMouseleave:Function,onResize:Function,resetMenuOnOptionsChange:{type:Boolean,default:!0},inlineThemeDisabled:Boolean,scrollbarProps:Object,onToggle:Function},setup(e){let{mergedClsPrefixRef:t,mergedRtlRef:n,mergedComponentPropsRef:r}=ue(e),i=fe(`InternalSelectMenu`,n,t),a=L(`InternalSelectMenu`,`-internal-select-menu`,Nt,Fe,e,j(e,`clsPrefix`)),o=A(null),s=A(null),c=A(null),u=y(()=>e.treeMate.getFlattenedNodes()),d=y(()=>Be(u.value)),f=A(null);function p(){let{treeMate:t}=e,n=null,{value:r}=e;r===null?n=t.getFirstAvailableNode():(n=e.multiple?t.getNode((r||[])[(r||[]).length-1]):t.getNode(r),(!n||n.disabled)&&(n=t.getFirstAvailableNode())),z(n||null)}function m(){let{value:t}=f;t&&!e.treeMate.getNode(t.key)&&(f.value=null)}let h;l(()=>e.show,t=>{t?h=l(()=>e.treeMate,()=>{e.resetMenuOnOptionsChange?(e.autoPending?p():m(),O(re)):m()},{immediate:!0}):h?.()},{immediate:!0}),x(()=>{h?.()});let _=y(()=>le(a.value.self[Z(`optionHeight`,e.size)])),v=y(()=>Q(a.value.self[Z(`padding`,e.size)])),S=y(()=>e.multiple&&Array.isArray(e.value)?new Set(e.value):new Set),C=y(()=>{let e=u.value;return e&&e.length===0}),w=y(()=>r?.value?.Select?.renderEmpty);function T(t){let{onToggle:n}=e;n&&n(t)}function E(t){let{onScroll:n}=e;n&&n(t)}function D(e){c.value?.sync(),E(e)}function k(){c.value?.sync()}function M(){let{value:e}=f;return e||null}function N(e,t){t.disabled||z(t,!1)}function P(e,t){t.disabled||T(t)}function ee(t){Ge(t,`action`)||e.onKeyup?.(t)}function F(t){Ge(t,`action`)||e.onKeydown?.(t)}function I(t){e.onMousedown?.(t),e.focusable||t.preventDefault()}function te(){let{value:e}=f;e&&z(e.getNext({loop:!0}),!0)}function R(){let{value:e}=f;e&&z(e.getPrev({loop:!0}),!0)}function z(e,t=!1){f.value=e,t&&re()}function re(){let t=f.value;if(!t)return;let n=d.value(t.key);n!==null&&(e.virtualScroll?s.value?.scrollTo({index:n}):c.value?.scrollTo({index:n,elSize:_.value}))}function B(t){o.value?.contains(t.target)&&e.onFocus?.(t)}function ie(t){o.value?.contains(t.relatedTarget)||e.onBlur?.(t)}b(ke,{handleOptionMouseEnter:N,handleOptionClick:P,valueSetRef:S,pendingTmNodeRef:f,nodePropsRef:j(e,`nodeProps`),showCheckmarkRef:j(e,`showCheckmark`),multipleRef:j(e,`multiple`),valueRef:j(e,`value`),renderLabelRef:j(e,`renderLabel`),renderOptionRef:j(e,`renderOption`),labelFieldRef:j(e,`labelField`),valueFieldRef:j(e,`valueField`)}),b(Qe,o),g(()=>{let{value:e}=c;e&&e.sync()});let V=y(()=>{let{size:t}=e,{common:{cubicBezierEaseInOut:n},self:{height:r,borderRadius:i,color:o,groupHeaderTextColor:s,actionDividerColor:c,optionTextColorPressed:l,optionTextColor:u,optionTextColorDisabled:d,optionTextColorActive:f,optionOpacityDisabled:p,optionCheckColor:m,actionTextColor:h,optionColorPending:g,optionColorActive:_,loadingColor:v,loadingSize:y,optionColorActivePending:b,[Z(`optionFontSize`,t)]:x,[Z(`optionHeight`,t)]:S,[Z(`optionPadding`,t)]:C}}=a.value;return{"--n-height":r,"--n-action-divider-color":c,"--n-action-text-color":h,"--n-bezier":n,"--n-border-radius":i,"--n-color":o,"--n-option-font-size":x,"--n-group-header-text-color":s,"--n-option-check-color":m,"--n-option-color-pending":g,"--n-option-color-active":_,"--n-option-color-active-pending":b,"--n-option-height":S,"--n-option-opacity-disabled":p,"--n-option-text-color":u,"--n-option-text-color-active":f,"--n-option-text-color-disabled":d,"--n-option-text-color-pressed":l,"--n-option-padding":C,"--n-option-padding-left":Q(C,`left`),"--n-option-padding-right":Q(C,`right`),"--n-loading-color":v,"--n-loading-size":y}}),{inlineThemeDisabled:ae}=e,H=ae?ne(`internal-select-menu`,y(()=>e.size[0]),V,e):void 0,U={selfRef:o,next:te,prev:R,getPendingTmNode:M};return Tt(o,e.onResize),{mergedTheme:a,mergedClsPrefix:t,rtlEnabled:i,virtualListRef:s,scrollbarRef:c,itemSize:_,padding:v,flattenedNodes:u,empty:C,mergedRenderEmpty:w,virtualListContainer(){let{value:e}=s;return e?.listElRef},virtualListContent(){let{value:e}=s;return e?.itemsElRef},doScroll:E,handleFocusin:B,handleFocusout:ie,handleKeyUp:ee,handleKeyDown:F,handleMouseDown:I,handleVirtualListResize:k,handleVirtualListScroll:D,cssVars:ae?void 0:V,themeClass:H?.themeClass,onRender:H?.onRender,...U}},render(){let{$slots:e,virtualScroll:t,clsPrefix:n,mergedTheme:r,themeClass:i,onRender:a}=this;return a?.(),C(),h(`div`,{ref:`selfRef`,tabindex:this.focusable?0:-1,class:K([`${n}-base-select-menu`,`${n}-base-select-menu--${this.size}-size`,this.rtlEnabled&&`${n}-base-select-menu--rtl`,i,this.multiple&&`${n}-base-select-menu--multiple`]),style:_(this.cssVars),onFocusin:this.handleFocusin,onFocusout:this.handleFocusout,onKeyup:this.handleKeyUp,onKeydown:this.handleKeyDown,onMousedown:this.handleMouseDown,onMouseenter:this.onMouseenter,onMouseleave:this.onMouseleave},[q(()=>te(e.header,e=>e&&(C(),h(`div`,{class:K(`${n}-base-select-menu__header`),"data-header":!0,key:`header`},[q(()=>e)],2)))),this.loading?(C(),h(`div`,{key:0,class:K(`${n}-base-select-menu__loading`)},[(C(),k(Ce,{clsPrefix:n,strokeWidth:20},null,8,[`clsPrefix`]))],2)):(C(),h(T,{key:1},[this.empty?(C(),h(`div`,{key:1,class:K(`${n}-base-select-menu__empty`),"data-empty":!0},[q(()=>re(e.empty,()=>[this.mergedRenderEmpty?.()||(C(),k(nt,{theme:r.peers.Empty,themeOverrides:r.peerOverrides.Empty,size:this.size},null,8,[`theme`,`themeOverrides`,`size`]))]))],2)):(C(),k(ae,v({key:0,ref:`scrollbarRef`,theme:r.peers.Scrollbar,themeOverrides:r.peerOverrides.Scrollbar,scrollable:this.scrollable,container:t?this.virtualListContainer:void 0,content:t?this.virtualListContent:void 0,onScroll:t?void 0:this.doScroll},this.scrollbarProps),{default:()=>t?(C(),k(pt,{key:1,ref:`virtualListRef`,class:K(`${n}-virtual-list`),items:this.flattenedNodes,itemSize:this.itemSize,showScrollbar:!1,paddingTop:this.padding.top,paddingBottom:this.padding.bottom,onResize:this.handleVirtualListResize,onScroll:this.handleVirtualListScroll,itemResizable:!0},{default:({item:e})=>e.isGroup?(C(),k(Dt,{key:e.key,clsPrefix:n,tmNode:e},null,8,[`clsPrefix`,`tmNode`])):e.ignored?null:(C(),k(Mt,{clsPrefix:n,key:e.key,tmNode:e},null,8,[`clsPrefix`,`tmNode`]))},1032,[`class`,`items`,`itemSize`,`paddingTop`,`paddingBottom`,`onResize`,`onScroll`])):(C(),h(`div`,{key:4,class:K(`${n}-base-select-menu-option-wrapper`),style:_({paddingTop:this.padding.top,paddingBottom:this.padding.bottom})},[q(()=>this.flattenedNodes.map(e=>e.isGroup?(C(),k(Dt,{key:e.key,clsPrefix:n,tmNode:e},null,8,[`clsPrefix`,`tmNode`])):(C(),k(Mt,{clsPrefix:n,key:e.key,tmNode:e},null,8,[`clsPrefix`,`tmNode`]))))],6))},1040,[`theme`,`themeOverrides`,`scrollable`,`container`,`content`,`onScroll`]))],64)),q(()=>te(e.action,e=>e&&[(C(),h(`div`,{class:K(`${n}-base-select-menu__action`),"data-action":!0,key:`action`},[q(()=>e)],2)),(C(),k(Et,{onFocus:this.onTabOut,key:`focus-detector`},null,8,[`onFocus`]))]))],46,Pt)}});function It(e){return e.type===`group`}function Lt(e){return e.type===`ignored`}function Rt(e,t){try{return!!(1+t.toString().toLowerCase().indexOf(e.trim().toLowerCase()))}catch{return!1}}function zt(e,t){return{getIsGroup:It,getIgnored:Lt,getKey(t){return It(t)?t.name||t.key||`key-required`:t[e]},getChildren(e){return e[t]}}}function Bt(e,t,n,r){if(!t)return e;function i(e){if(!Array.isArray(e))return[];let a=[];for(let o of e)if(It(o)){let e=i(o[r]);e.length&&a.push(Object.assign({},o,{[r]:e}))}else if(Lt(o))continue;else t(n,o)&&a.push(o);return a}return i(e)}function Vt(e,t,n){let r=new Map;return e.forEach(e=>{It(e)?e[n].forEach(e=>{r.set(e[t],e)}):r.set(e[t],e)}),r}var Ht=G([W(`base-selection`,`
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
 `,[W(`base-loading`,`
 color: var(--n-loading-color);
 `),W(`base-selection-tags`,`min-height: var(--n-height);`),B(`border, state-border`,`
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
 `),W(`base-suffix`,`
 cursor: pointer;
 position: absolute;
 top: 50%;
 transform: translateY(-50%);
 right: 10px;
 `,[B(`arrow`,`
 font-size: var(--n-arrow-size);
 color: var(--n-arrow-color);
 transition: color .3s var(--n-bezier);
 `)]),W(`base-selection-overlay`,`
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
 `)]),W(`base-selection-placeholder`,`
 color: var(--n-placeholder-color);
 `,[B(`inner`,`
 max-width: 100%;
 overflow: hidden;
 `)]),W(`base-selection-tags`,`
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
 `),W(`base-selection-label`,`
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
 `,[W(`base-selection-input`,`
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
 `)]),J(`disabled`,[G(`&:hover`,[B(`state-border`,`
 box-shadow: var(--n-box-shadow-hover);
 border: var(--n-border-hover);
 `)]),P(`focus`,[B(`state-border`,`
 box-shadow: var(--n-box-shadow-focus);
 border: var(--n-border-focus);
 `)]),P(`active`,[B(`state-border`,`
 box-shadow: var(--n-box-shadow-active);
 border: var(--n-border-active);
 `),W(`base-selection-label`,`background-color: var(--n-color-active);`),W(`base-selection-tags`,`background-color: var(--n-color-active);`)])]),P(`disabled`,`cursor: not-allowed;`,[B(`arrow`,`
 color: var(--n-arrow-color-disabled);
 `),W(`base-selection-label`,`
 cursor: not-allowed;
 background-color: var(--n-color-disabled);
 `,[W(`base-selection-input`,`
 cursor: not-allowed;
 color: var(--n-text-color-disabled);
 `),B(`render-label`,`
 color: var(--n-text-color-disabled);
 `)]),W(`base-selection-tags`,`
 cursor: not-allowed;
 background-color: var(--n-color-disabled);
 `),W(`base-selection-placeholder`,`
 cursor: not-allowed;
 color: var(--n-placeholder-color-disabled);
 `)]),W(`base-selection-input-tag`,`
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
 `)]),[`warning`,`error`].map(e=>P(`${e}-status`,[B(`state-border`,`border: var(--n-border-${e});`),J(`disabled`,[G(`&:hover`,[B(`state-border`,`
 box-shadow: var(--n-box-shadow-hover-${e});
 border: var(--n-border-hover-${e});
 `)]),P(`active`,[B(`state-border`,`
 box-shadow: var(--n-box-shadow-active-${e});
 border: var(--n-border-active-${e});
 `),W(`base-selection-label`,`background-color: var(--n-color-active-${e});`),W(`base-selection-tags`,`background-color: var(--n-color-active-${e});`)]),P(`focus`,[B(`state-border`,`
 box-shadow: var(--n-box-shadow-focus-${e});
 border: var(--n-border-focus-${e});
 `)])])]))]),W(`base-selection-popover`,`
 margin-bottom: -3px;
 display: flex;
 flex-wrap: wrap;
 margin-right: -8px;
 `),W(`base-selection-tag-wrapper`,`
 max-width: 100%;
 display: inline-flex;
 padding: 0 7px 3px 0;
 `,[G(`&:last-child`,`padding-right: 0;`),W(`tag`,`
 font-size: 14px;
 max-width: 100%;
 `,[B(`content`,`
 line-height: 1.25;
 text-overflow: ellipsis;
 overflow: hidden;
 `)])])]),Ut=[`disabled`,`value`,`autofocus`,`onBlur`,`onFocus`,`onKeydown`,`onInput`,`onCompositionstart`,`onCompositionend`],Wt=[`tabindex`],Gt=[`title`],Kt=[`value`,`readonly`,`disabled`,`autofocus`,`onFocus`,`onBlur`,`onInput`,`onCompositionstart`,`onCompositionend`],qt=[`tabindex`],Jt=[`onClick`,`onMouseenter`,`onMouseleave`,`onKeydown`,`onFocusin`,`onFocusout`,`onMousedown`],Yt=S({name:`InternalSelection`,props:{...L.props,clsPrefix:{type:String,required:!0},bordered:{type:Boolean,default:void 0},active:Boolean,pattern:{type:String,default:``},placeholder:String,selectedOption:{type:Object,default:null},selectedOptions:{type:Array,default:null},labelField:{type:String,default:`label`},valueField:{type:String,default:`value`},multiple:Boolean,filterable:Boolean,clearable:Boolean,disabled:Boolean,size:{type:String,default:`medium`},loading:Boolean,autofocus:Boolean,showArrow:{type:Boolean,default:!0},inputProps:Object,focused:Boolean,renderTag:Function,onKeydown:Function,onClick:Function,onBlur:Function,onFocus:Function,onDeleteOption:Function,maxTagCount:[String,Number],ellipsisTagPopoverProps:Object,onClear:Function,onPatternInput:Function,onPatternFocus:Function,onPatternBlur:Function,renderLabel:Function,status:String,inlineThemeDisabled:Boolean,ignoreComposition:{type:Boolean,default:!0},onResize:Function},setup(e){let{mergedClsPrefixRef:t,mergedRtlRef:n}=ue(e),r=fe(`InternalSelection`,n,t),i=A(null),a=A(null),o=A(null),s=A(null),c=A(null),u=A(null),d=A(null),p=A(null),m=A(null),h=A(null),_=A(!1),v=A(!1),b=A(!1),x=L(`InternalSelection`,`-internal-selection`,Ht,qe,e,j(e,`clsPrefix`)),S=y(()=>e.clearable&&!e.disabled&&(b.value||e.active)),C=y(()=>e.selectedOption?e.renderTag?e.renderTag({option:e.selectedOption,handleClose:()=>{}}):e.renderLabel?e.renderLabel(e.selectedOption,!0):Le(e.selectedOption[e.labelField],e.selectedOption,!0):e.placeholder),w=y(()=>{let t=e.selectedOption;if(t)return t[e.labelField]}),T=y(()=>e.multiple?!!(Array.isArray(e.selectedOptions)&&e.selectedOptions.length):e.selectedOption!==null);function E(){let{value:t}=i;if(t){let{value:n}=a;n&&(n.style.width=`${t.offsetWidth}px`,e.maxTagCount!==`responsive`&&m.value?.sync({showAllItemsBeforeCalculate:!1}))}}function D(){let{value:e}=h;e&&(e.style.display=`none`)}function k(){let{value:e}=h;e&&(e.style.display=`inline-block`)}l(j(e,`active`),e=>{e||D()}),l(j(e,`pattern`),()=>{e.multiple&&O(E)});function M(t){let{onFocus:n}=e;n&&n(t)}function N(t){let{onBlur:n}=e;n&&n(t)}function P(t){let{onDeleteOption:n}=e;n&&n(t)}function ee(t){let{onClear:n}=e;n&&n(t)}function F(t){let{onPatternInput:n}=e;n&&n(t)}function I(e){e.relatedTarget&&o.value?.contains(e.relatedTarget)||M(e)}function te(e){o.value?.contains(e.relatedTarget)||N(e)}function R(e){ee(e)}function z(){b.value=!0}function re(){b.value=!1}function B(t){e.active&&e.filterable&&t.target!==a.value&&t.preventDefault()}function ie(e){P(e)}let V=A(!1);function ae(t){if(t.key===`Backspace`&&!V.value&&!e.pattern.length){let{selectedOptions:t}=e;t?.length&&ie(t[t.length-1])}}let H=null;function U(t){let{value:n}=i;n&&(n.textContent=t.target.value,E()),e.ignoreComposition&&V.value?H=t:F(t)}function W(){V.value=!0}function oe(){V.value=!1,e.ignoreComposition&&F(H),H=null}function G(t){v.value=!0,e.onPatternFocus?.(t)}function K(t){v.value=!1,e.onPatternBlur?.(t)}function se(){if(e.filterable)v.value=!1,u.value?.blur(),a.value?.blur();else if(e.multiple){let{value:e}=s;e?.blur()}else{let{value:e}=c;e?.blur()}}function q(){e.filterable?(v.value=!1,u.value?.focus()):e.multiple?s.value?.focus():c.value?.focus()}function ce(){let{value:e}=a;e&&(k(),e.focus())}function J(){let{value:e}=a;e&&e.blur()}function le(e){let{value:t}=d;t&&t.setTextContent(`+${e}`)}function de(){let{value:e}=p;return e}function pe(){return a.value}let me=null;function he(){me!==null&&window.clearTimeout(me)}function ge(){e.active||(he(),me=window.setTimeout(()=>{T.value&&(_.value=!0)},100))}function _e(){he()}function Y(e){e||(he(),_.value=!1)}l(T,e=>{e||(_.value=!1)}),g(()=>{f(()=>{let t=u.value;t&&(e.disabled?t.removeAttribute(`tabindex`):t.tabIndex=v.value?-1:0)})}),Tt(o,e.onResize);let{inlineThemeDisabled:ve}=e,ye=y(()=>{let{size:t}=e,{common:{cubicBezierEaseInOut:n},self:{fontWeight:r,borderRadius:i,color:a,placeholderColor:o,textColor:s,paddingSingle:c,paddingMultiple:l,caretColor:u,colorDisabled:d,textColorDisabled:f,placeholderColorDisabled:p,colorActive:m,boxShadowFocus:h,boxShadowActive:g,boxShadowHover:_,border:v,borderFocus:y,borderHover:b,borderActive:S,arrowColor:C,arrowColorDisabled:w,loadingColor:T,colorActiveWarning:E,boxShadowFocusWarning:D,boxShadowActiveWarning:O,boxShadowHoverWarning:k,borderWarning:A,borderFocusWarning:j,borderHoverWarning:M,borderActiveWarning:N,colorActiveError:P,boxShadowFocusError:ee,boxShadowActiveError:F,boxShadowHoverError:I,borderError:L,borderFocusError:te,borderHoverError:ne,borderActiveError:R,clearColor:z,clearColorHover:re,clearColorPressed:B,clearSize:ie,arrowSize:V,[Z(`height`,t)]:ae,[Z(`fontSize`,t)]:H}}=x.value,U=Q(c),W=Q(l);return{"--n-bezier":n,"--n-border":v,"--n-border-active":S,"--n-border-focus":y,"--n-border-hover":b,"--n-border-radius":i,"--n-box-shadow-active":g,"--n-box-shadow-focus":h,"--n-box-shadow-hover":_,"--n-caret-color":u,"--n-color":a,"--n-color-active":m,"--n-color-disabled":d,"--n-font-size":H,"--n-height":ae,"--n-padding-single-top":U.top,"--n-padding-multiple-top":W.top,"--n-padding-single-right":U.right,"--n-padding-multiple-right":W.right,"--n-padding-single-left":U.left,"--n-padding-multiple-left":W.left,"--n-padding-single-bottom":U.bottom,"--n-padding-multiple-bottom":W.bottom,"--n-placeholder-color":o,"--n-placeholder-color-disabled":p,"--n-text-color":s,"--n-text-color-disabled":f,"--n-arrow-color":C,"--n-arrow-color-disabled":w,"--n-loading-color":T,"--n-color-active-warning":E,"--n-box-shadow-focus-warning":D,"--n-box-shadow-active-warning":O,"--n-box-shadow-hover-warning":k,"--n-border-warning":A,"--n-border-focus-warning":j,"--n-border-hover-warning":M,"--n-border-active-warning":N,"--n-color-active-error":P,"--n-box-shadow-focus-error":ee,"--n-box-shadow-active-error":F,"--n-box-shadow-hover-error":I,"--n-border-error":L,"--n-border-focus-error":te,"--n-border-hover-error":ne,"--n-border-active-error":R,"--n-clear-size":ie,"--n-clear-color":z,"--n-clear-color-hover":re,"--n-clear-color-pressed":B,"--n-arrow-size":V,"--n-font-weight":r}}),X=ve?ne(`internal-selection`,y(()=>e.size[0]),ye,e):void 0;return{mergedTheme:x,mergedClearable:S,mergedClsPrefix:t,rtlEnabled:r,patternInputFocused:v,filterablePlaceholder:C,label:w,selected:T,showTagsPanel:_,isComposing:V,counterRef:d,counterWrapperRef:p,patternInputMirrorRef:i,patternInputRef:a,selfRef:o,multipleElRef:s,singleElRef:c,patternInputWrapperRef:u,overflowRef:m,inputTagElRef:h,handleMouseDown:B,handleFocusin:I,handleClear:R,handleMouseEnter:z,handleMouseLeave:re,handleDeleteOption:ie,handlePatternKeyDown:ae,handlePatternInputInput:U,handlePatternInputBlur:K,handlePatternInputFocus:G,handleMouseEnterCounter:ge,handleMouseLeaveCounter:_e,handleFocusout:te,handleCompositionEnd:oe,handleCompositionStart:W,onPopoverUpdateShow:Y,focus:q,focusInput:ce,blur:se,blurInput:J,updateCounter:le,getCounter:de,getTail:pe,renderLabel:e.renderLabel,cssVars:ve?void 0:ye,themeClass:X?.themeClass,onRender:X?.onRender}},render(){let{status:e,multiple:t,size:n,disabled:r,filterable:i,maxTagCount:a,bordered:o,clsPrefix:s,ellipsisTagPopoverProps:c,onRender:l,renderTag:u,renderLabel:d}=this;l?.();let f=a===`responsive`,p=typeof a==`number`,g=f||p,y=(C(),k(ee,null,{default:()=>(C(),k(De,{clsPrefix:s,loading:this.loading,showArrow:this.showArrow,showClear:this.mergedClearable&&this.selected,onClear:this.handleClear},{default:()=>this.$slots.arrow?.()},1032,[`clsPrefix`,`loading`,`showArrow`,`showClear`,`onClear`]))},1024)),b;if(t){let{labelField:e}=this,t=t=>(C(),h(`div`,{class:K(`${s}-base-selection-tag-wrapper`),key:t.value},[u?(C(),h(T,{key:0},[q(()=>u({option:t,handleClose:()=>{this.handleDeleteOption(t)}}))],64)):(C(),k(Ct,{key:1,size:n,closable:!t.disabled,disabled:r,onClose:()=>{this.handleDeleteOption(t)},internalCloseIsButtonTag:!1,internalCloseFocusable:!1},{default:()=>d?d(t,!0):Le(t[e],t,!0)},1032,[`size`,`closable`,`disabled`,`onClose`]))],2)),o=()=>(p?this.selectedOptions.slice(0,a):this.selectedOptions).map(t),l=i?(C(),h(`div`,{class:K(`${s}-base-selection-input-tag`),ref:`inputTagElRef`,key:`__input-tag__`},[m(`input`,v(this.inputProps,{ref:`patternInputRef`,tabindex:-1,disabled:r,value:this.pattern,autofocus:this.autofocus,class:`${s}-base-selection-input-tag__input`,onBlur:this.handlePatternInputBlur,onFocus:this.handlePatternInputFocus,onKeydown:this.handlePatternKeyDown,onInput:this.handlePatternInputInput,onCompositionstart:this.handleCompositionStart,onCompositionend:this.handleCompositionEnd}),null,16,Ut),m(`span`,{ref:`patternInputMirrorRef`,class:K(`${s}-base-selection-input-tag__mirror`)},[q(()=>this.pattern)],2)],2)):null,_=f?()=>(C(),h(`div`,{class:K(`${s}-base-selection-tag-wrapper`),ref:`counterWrapperRef`},[(C(),k(Ct,{size:n,ref:`counterRef`,onMouseenter:this.handleMouseEnterCounter,onMouseleave:this.handleMouseLeaveCounter,disabled:r},null,8,[`size`,`onMouseenter`,`onMouseleave`,`disabled`]))],2)):void 0,x;if(p){let e=this.selectedOptions.length-a;e>0&&(x=(t=>(C(),h(`div`,{class:K(`${s}-base-selection-tag-wrapper`),key:`__counter__`},[(C(),k(Ct,{size:n,ref:`counterRef`,onMouseenter:this.handleMouseEnterCounter,disabled:r},{default:()=>`+${e}`},1032,[`size`,`onMouseenter`,`disabled`]))],2)))(x))}let S=f?i?(C(),k(ht,{key:3,ref:`overflowRef`,updateCounter:this.updateCounter,getCounter:this.getCounter,getTail:this.getTail,style:{width:`100%`,display:`flex`,overflow:`hidden`}},{default:o,counter:_,tail:()=>l},1032,[`updateCounter`,`getCounter`,`getTail`])):(C(),k(ht,{key:4,ref:`overflowRef`,updateCounter:this.updateCounter,getCounter:this.getCounter,style:{width:`100%`,display:`flex`,overflow:`hidden`}},{default:o,counter:_},1032,[`updateCounter`,`getCounter`])):p&&x?o().concat(x):o(),w=g?()=>(C(),h(`div`,{class:K(`${s}-base-selection-popover`)},[f?(C(),h(T,{key:0},[q(()=>o())],64)):(C(),h(T,{key:1},[q(()=>this.selectedOptions.map(t))],64))],2)):void 0,E=g?{show:this.showTagsPanel,trigger:`hover`,overlap:!0,placement:`top`,width:`trigger`,onUpdateShow:this.onPopoverUpdateShow,theme:this.mergedTheme.peers.Popover,themeOverrides:this.mergedTheme.peerOverrides.Popover,...c}:null,D=!this.selected&&(!this.active||!this.pattern&&!this.isComposing)?(C(),h(`div`,{key:5,class:K(`${s}-base-selection-placeholder ${s}-base-selection-overlay`)},[m(`div`,{class:K(`${s}-base-selection-placeholder__inner`)},[q(()=>this.placeholder)],2)],2)):null,O=i?(C(),h(`div`,{key:6,ref:`patternInputWrapperRef`,class:K(`${s}-base-selection-tags`)},[q(()=>S),f?q(()=>null):(C(),h(T,{key:1},[q(()=>l)],64)),q(()=>y)],2)):(C(),h(`div`,{key:7,ref:`multipleElRef`,class:K(`${s}-base-selection-tags`),tabindex:r?void 0:0},[q(()=>S),q(()=>y)],10,Wt));b=(e=>(C(),h(T,{key:8},[g?(C(),k(Re,v({key:0},E,{scrollable:!0,style:`max-height: calc(var(--v-target-height) * 6.6);`}),{trigger:()=>O,default:w},1040)):(C(),h(T,{key:1},[q(()=>O)],64)),q(()=>D)],64)))(b)}else if(i){let e=this.pattern||this.isComposing,t=this.active?!e:!this.selected,n=!this.active&&this.selected;b=(e=>(C(),h(`div`,{key:9,ref:`patternInputWrapperRef`,class:K(`${s}-base-selection-label`),title:this.patternInputFocused?void 0:wt(this.label)},[m(`input`,v(this.inputProps,{ref:`patternInputRef`,class:`${s}-base-selection-input`,value:this.active?this.pattern:``,placeholder:``,readonly:r,disabled:r,tabindex:-1,autofocus:this.autofocus,onFocus:this.handlePatternInputFocus,onBlur:this.handlePatternInputBlur,onInput:this.handlePatternInputInput,onCompositionstart:this.handleCompositionStart,onCompositionend:this.handleCompositionEnd}),null,16,Kt),n?(C(),h(`div`,{class:K(`${s}-base-selection-label__render-label ${s}-base-selection-overlay`),key:`input`},[m(`div`,{class:K(`${s}-base-selection-overlay__wrapper`)},[u?(C(),h(T,{key:0},[q(()=>u({option:this.selectedOption,handleClose:()=>{}}))],64)):(C(),h(T,{key:1},[d?(C(),h(T,{key:0},[q(()=>d(this.selectedOption,!0))],64)):(C(),h(T,{key:1},[q(()=>Le(this.label,this.selectedOption,!0))],64))],64))],2)],2)):q(()=>null),t?(C(),h(`div`,{class:K(`${s}-base-selection-placeholder ${s}-base-selection-overlay`),key:`placeholder`},[m(`div`,{class:K(`${s}-base-selection-overlay__wrapper`)},[q(()=>this.filterablePlaceholder)],2)],2)):q(()=>null),q(()=>y)],10,Gt)))(b)}else b=(e=>(C(),h(`div`,{key:10,ref:`singleElRef`,class:K(`${s}-base-selection-label`),tabindex:this.disabled?void 0:0},[this.label===void 0?(C(),h(`div`,{class:K(`${s}-base-selection-placeholder ${s}-base-selection-overlay`),key:`placeholder`},[m(`div`,{class:K(`${s}-base-selection-placeholder__inner`)},[q(()=>this.placeholder)],2)],2)):(C(),h(`div`,{class:K(`${s}-base-selection-input`),title:wt(this.label),key:`input`},[m(`div`,{class:K(`${s}-base-selection-input__content`)},[u?(C(),h(T,{key:0},[q(()=>u({option:this.selectedOption,handleClose:()=>{}}))],64)):(C(),h(T,{key:1},[d?(C(),h(T,{key:0},[q(()=>d(this.selectedOption,!0))],64)):(C(),h(T,{key:1},[q(()=>Le(this.label,this.selectedOption,!0))],64))],64))],2)],10,[`title`])),q(()=>y)],10,qt)))(b);return C(),h(`div`,{ref:`selfRef`,class:K([`${s}-base-selection`,this.rtlEnabled&&`${s}-base-selection--rtl`,this.themeClass,e&&`${s}-base-selection--${e}-status`,{[`${s}-base-selection--active`]:this.active,[`${s}-base-selection--selected`]:this.selected||this.active&&this.pattern,[`${s}-base-selection--disabled`]:this.disabled,[`${s}-base-selection--multiple`]:this.multiple,[`${s}-base-selection--focus`]:this.focused}]),style:_(this.cssVars),onClick:this.onClick,onMouseenter:this.handleMouseEnter,onMouseleave:this.handleMouseLeave,onKeydown:this.onKeydown,onFocusin:this.handleFocusin,onFocusout:this.handleFocusout,onMousedown:this.handleMouseDown},[q(()=>b),o?(C(),h(`div`,{key:0,class:K(`${s}-base-selection__border`)},null,2)):q(()=>null),o?(C(),h(`div`,{key:2,class:K(`${s}-base-selection__state-border`)},null,2)):q(()=>null)],46,Jt)}}),Xt=G([W(`select`,`
 z-index: auto;
 outline: none;
 width: 100%;
 position: relative;
 font-weight: var(--n-font-weight);
 `),W(`select-menu`,`
 margin: 4px 0;
 box-shadow: var(--n-menu-box-shadow);
 `,[Je({originalTransition:`background-color .3s var(--n-bezier), box-shadow .3s var(--n-bezier)`})])]),Zt={...L.props,to:Oe.propTo,bordered:{type:Boolean,default:void 0},clearable:Boolean,clearCreatedOptionsOnClear:{type:Boolean,default:!0},clearFilterAfterSelect:{type:Boolean,default:!0},options:{type:Array,default:()=>[]},defaultValue:{type:[String,Number,Array],default:null},keyboard:{type:Boolean,default:!0},value:[String,Number,Array],placeholder:String,menuProps:Object,multiple:Boolean,size:String,menuSize:{type:String},filterable:Boolean,disabled:{type:Boolean,default:void 0},remote:Boolean,loading:Boolean,filter:Function,placement:{type:String,default:`bottom-start`},widthMode:{type:String,default:`trigger`},tag:Boolean,onCreate:Function,fallbackOption:{type:[Function,Boolean],default:void 0},show:{type:Boolean,default:void 0},showArrow:{type:Boolean,default:!0},maxTagCount:[Number,String],ellipsisTagPopoverProps:Object,consistentMenuWidth:{type:Boolean,default:!0},virtualScroll:{type:Boolean,default:!0},labelField:{type:String,default:`label`},valueField:{type:String,default:`value`},childrenField:{type:String,default:`children`},renderLabel:Function,renderOption:Function,renderTag:Function,"onUpdate:value":[Function,Array],inputProps:Object,nodeProps:Function,ignoreComposition:{type:Boolean,default:!0},showOnFocus:Boolean,onUpdateValue:[Function,Array],onBlur:[Function,Array],onClear:[Function,Array],onFocus:[Function,Array],onScroll:[Function,Array],onSearch:[Function,Array],onUpdateShow:[Function,Array],"onUpdate:show":[Function,Array],displayDirective:{type:String,default:`show`},resetMenuOnOptionsChange:{type:Boolean,default:!0},status:String,showCheckmark:{type:Boolean,default:!0},scrollbarProps:Object,onChange:[Function,Array],items:Array},Qt=S({name:`Select`,props:Zt,slots:Object,setup(e){let{mergedClsPrefixRef:t,mergedBorderedRef:n,namespaceRef:r,inlineThemeDisabled:i,mergedComponentPropsRef:a}=ue(e),o=L(`Select`,`-select`,Xt,Ke,e,t),s=A(e.defaultValue),c=j(e,`value`),u=we(c,s),d=A(!1),f=A(``),p=ze(e,[`items`,`options`]),m=A([]),h=A([]),g=y(()=>h.value.concat(m.value).concat(p.value)),_=y(()=>{let{filter:t}=e;if(t)return t;let{labelField:n,valueField:r}=e;return(e,t)=>{if(!t)return!1;let i=t[n];if(typeof i==`string`)return Rt(e,i);let a=t[r];return typeof a==`string`?Rt(e,a):typeof a==`number`&&Rt(e,String(a))}}),v=y(()=>{if(e.remote)return p.value;{let{value:t}=g,{value:n}=f;return!n.length||!e.filterable?t:Bt(t,_.value,n,e.childrenField)}}),b=y(()=>{let{valueField:t,childrenField:n}=e,r=zt(t,n);return Ie(v.value,r)}),x=y(()=>Vt(g.value,e.valueField,e.childrenField)),S=A(!1),C=we(j(e,`show`),S),w=A(null),T=A(null),E=A(null),{localeRef:D}=Te(`Select`),O=y(()=>e.placeholder??D.value.placeholder),k=[],M=A(new Map),N=y(()=>{let{fallbackOption:t}=e;if(t===void 0){let{labelField:t,valueField:n}=e;return e=>({[t]:String(e),[n]:e})}return t===!1?!1:e=>Object.assign(t(e),{value:e})});function P(t){let n=e.remote,{value:r}=M,{value:i}=x,{value:a}=N,o=[];return t.forEach(e=>{if(i.has(e))o.push(i.get(e));else if(n&&r.has(e))o.push(r.get(e));else if(a){let t=a(e);t&&o.push(t)}}),o}let ee=y(()=>{if(e.multiple){let{value:e}=u;return Array.isArray(e)?P(e):[]}return null}),F=y(()=>{let{value:t}=u;return!e.multiple&&!Array.isArray(t)?t===null?null:P([t])[0]||null:null}),I=V(e,{mergedSize:t=>{let{size:n}=e;if(n)return n;let{mergedSize:r}=t||{};return r?.value?r.value:a?.value?.Select?.size||`medium`}}),{mergedSizeRef:te,mergedDisabledRef:z,mergedStatusRef:re}=I;function B(t,n){let{onChange:r,"onUpdate:value":i,onUpdateValue:a}=e,{nTriggerFormChange:o,nTriggerFormInput:c}=I;r&&R(r,t,n),a&&R(a,t,n),i&&R(i,t,n),s.value=t,o(),c()}function ae(t){let{onBlur:n}=e,{nTriggerFormBlur:r}=I;n&&R(n,t),r()}function H(){let{onClear:t}=e;t&&R(t)}function U(t){let{onFocus:n,showOnFocus:r}=e,{nTriggerFormFocus:i}=I;n&&R(n,t),i(),r&&se()}function W(t){let{onSearch:n}=e;n&&R(n,t)}function oe(t){let{onScroll:n}=e;n&&R(n,t)}function G(){let{remote:t,multiple:n}=e;if(t){let{value:t}=M;if(n){let{valueField:n}=e;ee.value?.forEach(e=>{t.set(e[n],e)})}else{let n=F.value;n&&t.set(n[e.valueField],n)}}}function K(t){let{onUpdateShow:n,"onUpdate:show":r}=e;n&&R(n,t),r&&R(r,t),S.value=t}function se(){z.value||(K(!0),S.value=!0,e.filterable&&ke())}function q(){K(!1)}function ce(){f.value=``,h.value=k}let J=A(!1);function le(){e.filterable&&(J.value=!0)}function de(){e.filterable&&(J.value=!1,C.value||ce())}function fe(){z.value||(C.value?e.filterable?ke():q():se())}function pe(e){E.value?.selfRef?.contains(e.relatedTarget)||(d.value=!1,ae(e),q())}function me(e){U(e),d.value=!0}function he(){d.value=!0}function ge(e){w.value?.$el.contains(e.relatedTarget)||(d.value=!1,ae(e),q())}function _e(){w.value?.focus(),q()}function Y(e){C.value&&(w.value?.$el.contains(ye(e))||q())}function ve(t){if(!Array.isArray(t))return[];if(N.value)return Array.from(t);{let{remote:n}=e,{value:r}=x;if(n){let{value:e}=M;return t.filter(t=>r.has(t)||e.has(t))}return t.filter(e=>r.has(e))}}function X(e){Z(e.rawNode)}function Z(t){if(z.value)return;let{tag:n,remote:r,clearFilterAfterSelect:i,valueField:a}=e;if(n&&!r){let{value:e}=h,t=e[0]||null;if(t){let e=m.value;e.length?e.push(t):m.value=[t],h.value=k}}if(r&&M.value.set(t[a],t),e.multiple){let e=ve(u.value),o=e.findIndex(e=>e===t[a]);if(~o){if(e.splice(o,1),n&&!r){let e=Q(t[a]);~e&&(m.value.splice(e,1),i&&(f.value=``))}}else e.push(t[a]),i&&(f.value=``);B(e,P(e))}else{if(n&&!r){let e=Q(t[a]);~e?m.value=[m.value[e]]:m.value=k}De(),q(),B(t[a],t)}}function Q(t){return m.value.findIndex(n=>n[e.valueField]===t)}function be(t){C.value||se();let{value:n}=t.target;f.value=n;let{tag:r,remote:i}=e;if(W(n),r&&!i){if(!n){h.value=k;return}let{onCreate:t}=e,r=t?t(n):{[e.labelField]:n,[e.valueField]:n},{valueField:i,labelField:a}=e;p.value.some(e=>e[i]===r[i]||e[a]===r[a])||m.value.some(e=>e[i]===r[i]||e[a]===r[a])?h.value=k:h.value=[r]}}function xe(t){t.stopPropagation();let{multiple:n,tag:r,remote:i,clearCreatedOptionsOnClear:a}=e;!n&&e.filterable&&q(),r&&!i&&a&&(m.value=k),H(),n?B([],[]):B(null,null)}function Se(e){Ge(e,`action`)||Ge(e,`empty`)||Ge(e,`header`)||e.preventDefault()}function Ce(e){oe(e)}function Ee(t){if(!e.keyboard)t.preventDefault();else switch(t.key){case` `:if(e.filterable)break;t.preventDefault();case`Enter`:if(!w.value?.isComposing){if(C.value){let t=E.value?.getPendingTmNode();t?X(t):e.filterable||(q(),De())}else if(se(),e.tag&&J.value){let t=h.value[0];if(t){let n=t[e.valueField],{value:r}=u;e.multiple&&Array.isArray(r)&&r.includes(n)||Z(t)}}}t.preventDefault();break;case`ArrowUp`:if(t.preventDefault(),e.loading)return;C.value&&E.value?.prev();break;case`ArrowDown`:if(t.preventDefault(),e.loading)return;C.value?E.value?.next():se();break;case`Escape`:C.value&&(Ue(t),q()),w.value?.focus()}}function De(){w.value?.focus()}function ke(){w.value?.focusInput()}function Ae(){C.value&&T.value?.syncPosition()}G(),l(j(e,`options`),G);let je={focus:()=>{w.value?.focus()},focusInput:()=>{w.value?.focusInput()},blur:()=>{w.value?.blur()},blurInput:()=>{w.value?.blurInput()}},Me=y(()=>{let{self:{menuBoxShadow:e}}=o.value;return{"--n-menu-box-shadow":e}}),Ne=i?ne(`select`,void 0,Me,e):void 0;return{...je,mergedStatus:re,mergedClsPrefix:t,mergedBordered:n,namespace:r,treeMate:b,isMounted:ie(),triggerRef:w,menuRef:E,pattern:f,uncontrolledShow:S,mergedShow:C,adjustedTo:Oe(e),uncontrolledValue:s,mergedValue:u,followerRef:T,localizedPlaceholder:O,selectedOption:F,selectedOptions:ee,mergedSize:te,mergedDisabled:z,focused:d,activeWithoutMenuOpen:J,inlineThemeDisabled:i,onTriggerInputFocus:le,onTriggerInputBlur:de,handleTriggerOrMenuResize:Ae,handleMenuFocus:he,handleMenuBlur:ge,handleMenuTabOut:_e,handleTriggerClick:fe,handleToggle:X,handleDeleteOption:Z,handlePatternInput:be,handleClear:xe,handleTriggerBlur:pe,handleTriggerFocus:me,handleKeydown:Ee,handleMenuAfterLeave:ce,handleMenuClickOutside:Y,handleMenuScroll:Ce,handleMenuKeydown:Ee,handleMenuMousedown:Se,mergedTheme:o,cssVars:i?void 0:Me,themeClass:Ne?.themeClass,onRender:Ne?.onRender}},render(){return C(),h(`div`,{class:K(`${this.mergedClsPrefix}-select`)},[c(Ae,null,{_:1,default:Y(()=>[(C(),k(Pe,null,{_:1,default:Y(()=>(C(),k(Yt,{ref:`triggerRef`,inlineThemeDisabled:this.inlineThemeDisabled,status:this.mergedStatus,inputProps:this.inputProps,clsPrefix:this.mergedClsPrefix,showArrow:this.showArrow,maxTagCount:this.maxTagCount,ellipsisTagPopoverProps:this.ellipsisTagPopoverProps,bordered:this.mergedBordered,active:this.activeWithoutMenuOpen||this.mergedShow,pattern:this.pattern,placeholder:this.localizedPlaceholder,selectedOption:this.selectedOption,selectedOptions:this.selectedOptions,multiple:this.multiple,renderTag:this.renderTag,renderLabel:this.renderLabel,filterable:this.filterable,clearable:this.clearable,disabled:this.mergedDisabled,size:this.mergedSize,theme:this.mergedTheme.peers.InternalSelection,labelField:this.labelField,valueField:this.valueField,themeOverrides:this.mergedTheme.peerOverrides.InternalSelection,loading:this.loading,focused:this.focused,onClick:this.handleTriggerClick,onDeleteOption:this.handleDeleteOption,onPatternInput:this.handlePatternInput,onClear:this.handleClear,onBlur:this.handleTriggerBlur,onFocus:this.handleTriggerFocus,onKeydown:this.handleKeydown,onPatternBlur:this.onTriggerInputBlur,onPatternFocus:this.onTriggerInputFocus,onResize:this.handleTriggerOrMenuResize,ignoreComposition:this.ignoreComposition},{_:1,arrow:Y(()=>[this.$slots.arrow?.()])},8,`inlineThemeDisabled.status.inputProps.clsPrefix.showArrow.maxTagCount.ellipsisTagPopoverProps.bordered.active.pattern.placeholder.selectedOption.selectedOptions.multiple.renderTag.renderLabel.filterable.clearable.disabled.size.theme.labelField.valueField.themeOverrides.loading.focused.onClick.onDeleteOption.onPatternInput.onClear.onBlur.onFocus.onKeydown.onPatternBlur.onPatternFocus.onResize.ignoreComposition`.split(`.`))))})),(C(),k(Ze,{ref:`followerRef`,show:this.mergedShow,to:this.adjustedTo,teleportDisabled:this.adjustedTo===Oe.tdkey,containerClass:this.namespace,width:this.consistentMenuWidth?`target`:void 0,minWidth:`target`,placement:this.placement},{_:1,default:Y(()=>(C(),k(e,{name:`fade-in-scale-up-transition`,appear:this.isMounted,onAfterLeave:this.handleMenuAfterLeave},{_:1,default:Y(()=>this.mergedShow||this.displayDirective===`show`?(this.onRender?.(),p((C(),k(Ft,v(this.menuProps,{ref:`menuRef`,onResize:this.handleTriggerOrMenuResize,inlineThemeDisabled:this.inlineThemeDisabled,virtualScroll:this.consistentMenuWidth&&this.virtualScroll,class:[`${this.mergedClsPrefix}-select-menu`,this.themeClass,this.menuProps?.class],clsPrefix:this.mergedClsPrefix,focusable:!0,labelField:this.labelField,valueField:this.valueField,autoPending:!0,nodeProps:this.nodeProps,theme:this.mergedTheme.peers.InternalSelectMenu,themeOverrides:this.mergedTheme.peerOverrides.InternalSelectMenu,treeMate:this.treeMate,multiple:this.multiple,size:this.menuSize,renderOption:this.renderOption,renderLabel:this.renderLabel,value:this.mergedValue,style:[this.menuProps?.style,this.cssVars],onToggle:this.handleToggle,onScroll:this.handleMenuScroll,onFocus:this.handleMenuFocus,onBlur:this.handleMenuBlur,onKeydown:this.handleMenuKeydown,onTabOut:this.handleMenuTabOut,onMousedown:this.handleMenuMousedown,show:this.mergedShow,showCheckmark:this.showCheckmark,resetMenuOnOptionsChange:this.resetMenuOnOptionsChange,scrollbarProps:this.scrollbarProps}),{_:1,empty:Y(()=>[this.$slots.empty?.()]),header:Y(()=>[this.$slots.header?.()]),action:Y(()=>[this.$slots.action?.()])},16,`onResize.inlineThemeDisabled.virtualScroll.class.clsPrefix.labelField.valueField.nodeProps.theme.themeOverrides.treeMate.multiple.size.renderOption.renderLabel.value.style.onToggle.onScroll.onFocus.onBlur.onKeydown.onTabOut.onMousedown.show.showCheckmark.resetMenuOnOptionsChange.scrollbarProps`.split(`.`))),this.displayDirective===`show`?[[t,this.mergedShow],[Ye,this.handleMenuClickOutside,void 0,{capture:!0}]]:[[Ye,this.handleMenuClickOutside,void 0,{capture:!0}]])):null)},8,[`appear`,`onAfterLeave`])))},8,[`show`,`to`,`teleportDisabled`,`containerClass`,`width`,`placement`]))])})],2)}}),$t=class extends Error{constructor(e,t){super(e),this.name=`ParseError`,this.type=t.type,this.field=t.field,this.value=t.value,this.line=t.line}},en=10,tn=13,nn=32;function rn(e){}function an(e){if(typeof e==`function`)throw TypeError("`config` must be an object, got a function instead. Did you mean `createParser({onEvent: fn})`?");let{onEvent:t=rn,onError:n=rn,onRetry:r=rn,onComment:i,maxBufferSize:a}=e,o=[],s=0,c=!0,l,u=``,d=0,f,p=!1;function m(e){if(p)throw Error("Cannot feed parser: it was terminated after exceeding the configured max buffer size. Call `reset()` to resume parsing.");if(c&&(c=!1,e.charCodeAt(0)===239&&e.charCodeAt(1)===187&&e.charCodeAt(2)===191&&(e=e.slice(3))),o.length===0){let t=g(e);t!==``&&(o.push(t),s=t.length),h();return}if(e.indexOf(`
`)===-1&&e.indexOf(`\r`)===-1){o.push(e),s+=e.length,h();return}o.push(e);let t=o.join(``);o.length=0,s=0;let n=g(t);n!==``&&(o.push(n),s=n.length),h()}function h(){a!==void 0&&(s+u.length<=a||(p=!0,o.length=0,s=0,l=void 0,u=``,d=0,f=void 0,n(new $t(`Buffered data exceeded max buffer size of ${a} characters`,{type:`max-buffer-size-exceeded`}))))}function g(e){let n=0;if(e.indexOf(`\r`)===-1){let r=e.indexOf(`
`,n);for(;r!==-1;){if(n===r){d>0&&t({id:l,event:f,data:u}),l=void 0,u=``,d=0,f=void 0,n=r+1,r=e.indexOf(`
`,n);continue}let i=e.charCodeAt(n);if(on(e,n,i)){let i=e.charCodeAt(n+5)===nn?n+6:n+5,a=e.slice(i,r);if(d===0&&e.charCodeAt(r+1)===en){t({id:l,event:f,data:a}),l=void 0,u=``,f=void 0,n=r+2,r=e.indexOf(`
`,n);continue}u=d===0?a:`${u}
${a}`,d++}else sn(e,n,i)?f=e.slice(e.charCodeAt(n+6)===nn?n+7:n+6,r)||void 0:_(e,n,r);n=r+1,r=e.indexOf(`
`,n)}return e.slice(n)}for(;n<e.length;){let t=e.indexOf(`\r`,n),r=e.indexOf(`
`,n),i=-1;if(t!==-1&&r!==-1?i=t<r?t:r:t===-1?r!==-1&&(i=r):i=t===e.length-1?-1:t,i===-1)break;_(e,n,i),n=i+1,e.charCodeAt(n-1)===tn&&e.charCodeAt(n)===en&&n++}return e.slice(n)}function _(e,t,n){if(t===n){y();return}let r=e.charCodeAt(t);if(on(e,t,r)){let r=e.charCodeAt(t+5)===nn?t+6:t+5,i=e.slice(r,n);u=d===0?i:`${u}
${i}`,d++;return}if(sn(e,t,r)){f=e.slice(e.charCodeAt(t+6)===nn?t+7:t+6,n)||void 0;return}if(r===105&&e.charCodeAt(t+1)===100&&e.charCodeAt(t+2)===58){let r=e.slice(e.charCodeAt(t+3)===nn?t+4:t+3,n);r.includes(`\0`)||(l=r);return}if(r===58){if(i){let r=e.slice(t,n);i(r.slice(e.charCodeAt(t+1)===nn?2:1))}return}let a=e.slice(t,n),o=a.indexOf(`:`);if(o===-1){v(a,``,a);return}let s=a.slice(0,o),c=a.charCodeAt(o+1)===nn?2:1;v(s,a.slice(o+c),a)}function v(e,t,i){switch(e){case`event`:f=t||void 0;break;case`data`:u=d===0?t:`${u}
${t}`,d++;break;case`id`:t.includes(`\0`)||(l=t);break;case`retry`:/^\d+$/.test(t)?r(parseInt(t,10)):n(new $t(`Invalid \`retry\` value: "${t}"`,{type:`invalid-retry`,value:t,line:i}));break;default:n(new $t(`Unknown field "${e.length>20?`${e.slice(0,20)}\u2026`:e}"`,{type:`unknown-field`,field:e,value:t,line:i}))}}function y(){d>0&&t({id:l,event:f,data:u}),l=void 0,u=``,d=0,f=void 0}function b(e={}){if(e.consume&&o.length>0){let e=o.join(``);_(e,0,e.length)}c=!0,l=void 0,u=``,d=0,f=void 0,o.length=0,s=0,p=!1}return{feed:m,reset:b}}function on(e,t,n){return n===100&&e.charCodeAt(t+1)===97&&e.charCodeAt(t+2)===116&&e.charCodeAt(t+3)===97&&e.charCodeAt(t+4)===58}function sn(e,t,n){return n===101&&e.charCodeAt(t+1)===118&&e.charCodeAt(t+2)===101&&e.charCodeAt(t+3)===110&&e.charCodeAt(t+4)===116&&e.charCodeAt(t+5)===58}var cn=2500,ln=300,un=5e3,dn=3e4;function fn(e,t){let n=new pn(`${ve}${e}`,t);return n.start(),()=>n.close()}var pn=class{url;reader;isClosed=!1;isHidden=!1;phase=`connecting`;token=``;pauseMs=ln;abort=new AbortController;silence;hiding;wake=()=>{};constructor(e,t){this.url=e,this.reader=t}start(){document.addEventListener(`visibilitychange`,this.onVisibility),this.run()}close(){this.isClosed=!0,document.removeEventListener(`visibilitychange`,this.onVisibility),clearTimeout(this.hiding),this.hangUp()}onVisibility=()=>{clearTimeout(this.hiding),document.hidden?this.hiding=setTimeout(()=>{this.isHidden=!0,this.hangUp()},dn):this.isHidden&&(this.isHidden=!1,this.pauseMs=ln,this.wake())};hangUp(){clearTimeout(this.silence),this.abort.abort(),this.wake()}async run(){for(;!this.isClosed;)if(this.isHidden)await this.sleep();else{try{if(await this.readOnce())return clearTimeout(this.silence),this.say(`ended`)}catch(e){if(this.isClosed)return;let t=se(be(e));if(t.reason===`TOKEN_EXPIRED`)this.token=``,this.reader.onGap?.();else if(t.status>=400&&t.status<500&&t.status!==408&&t.status!==429)return clearTimeout(this.silence),this.say(`ended`),this.reader.onRefused?.(t)}if(clearTimeout(this.silence),this.isClosed)return;this.say(`lost`),await this.sleep(this.pauseMs),this.pauseMs=Math.min(this.pauseMs*2,un)}}async readOnce(){this.abort=new AbortController;let e={Accept:`text/event-stream`,...this.token?{"Last-Event-ID":this.token}:{}},t=await fetch(this.url,{headers:e,signal:this.abort.signal,cache:`no-store`});if(!t.ok||!t.body){let e=await t.text();throw ce(mn(e),t.status)}let n,r=an({onComment:e=>{let t=Number(e);t>0&&this.reader.onHeartbeat?.(t),this.phase!==`interrupted`&&this.say(`open`)},onEvent:e=>{n=this.take(e)??n}}),i=t.body.pipeThrough(new TextDecoderStream).getReader();for(this.listen();;){let{done:e,value:t}=await i.read();if(e||this.isClosed||(this.listen(),r.feed(t),n))break}return this.abort.abort(),n===`stopping`&&(this.pauseMs=ln),n===`end`}take(e){if(e.event===`problem`)throw ce(mn(e.data),0);if(e.event===`end`||e.event===`stopping`)return e.event;if(e.event===`interrupted`)return void this.say(`interrupted`);e.id&&(this.token=e.id),this.pauseMs=ln,this.say(`open`),this.reader.onMessage(mn(e.data))}listen(){clearTimeout(this.silence),this.silence=setTimeout(()=>this.say(`silent`),cn)}say(e){this.isClosed||this.phase===e||(this.phase=e,this.reader.onPhase(e))}sleep(e){return new Promise(t=>{let n=e===void 0?void 0:setTimeout(t,e);this.wake=()=>{clearTimeout(n),t()}})}};function mn(e){try{return JSON.parse(e)}catch{return e}}var hn=[`aria-label`],gn=r(S({__name:`CommandLine`,props:{command:{}},setup(e){let t=e,{t:r}=n(),a=A(!1);async function o(){a.value=await Ee(t.command),setTimeout(()=>a.value=!1,1500)}return(t,n)=>(C(),h(`button`,{type:`button`,class:`command mono`,"aria-label":`${d(r)(`common.copy`)}: ${e.command}`,onClick:o},[m(`span`,null,D(e.command),1),c(i,{name:a.value?`tick`:`copy`,size:15},null,8,[`name`])],8,hn))}}),[[`__scopeId`,`data-v-04504e10`]]);function _n(e){let t=a(),n=o();return y({get:()=>bn(t.query[e]),set:r=>void n.replace({query:{...t.query,[e]:r||void 0},hash:t.hash})})}function vn(e){let t=a(),n=o();return y({get:()=>yn(t.query[e]),set:r=>void n.replace({query:{...t.query,[e]:r.length?r:void 0}})})}function yn(e){return(Array.isArray(e)?e:[e]).filter(e=>!!e)}function bn(e){return yn(e)[0]??``}var xn=pe(`tasks`,()=>{let e=he(),t=He(),n=N(new Map),r=N(new Map);function i(t){let i=n.get(t.task_id);return i&&i.version>t.version?!1:(i&&Sn(i,t)&&r.set(t.task_id,e.exactly()),n.set(t.task_id,Object.freeze(t)),!0)}async function a(e){let t={task_id:e},n=await _e(X.GET(`/api/v1/tasks/{task_id}`,{params:{path:t,query:{view:`full`}}}));return i(n),n}async function o(e,t=``){let n=await _e(X.GET(`/api/v1/tasks`,{params:{query:{page_size:100,...e.states?.length?{task_status:e.states}:{},...e.types?.length?{task_type:e.types}:{},...t?{page_token:t}:{}}}}));return n.tasks.forEach(i),n}let s=(e,t)=>l(`/api/v1/tasks/${encodeURIComponent(e)}/watch?view=full`,t);function c(e,t){let n=new URLSearchParams;return e.states?.forEach(e=>n.append(`task_status`,e)),e.types?.forEach(e=>n.append(`task_type`,e)),l(`/api/v1/watch${n.size?`?${n}`:``}`,t)}function l(e,n){let r=new Map,a=0,o=()=>{a=0;for(let e of r.values())i(e)&&n.onTask?.(e);r.clear()},s=t.begin(),c=fn(e,{onMessage:e=>{for(let t of e.tasks)r.set(t.task_id,t);r.size&&(a||=requestAnimationFrame(o))},onPhase:s.onPhase,onHeartbeat:s.onHeartbeat,...n.onGap?{onGap:n.onGap}:{},...n.onRefused?{onRefused:n.onRefused}:{}});return()=>{c(),s.end(),cancelAnimationFrame(a)}}async function u(e,t){let n={"Idempotency-Key":t};return(await _e(X.POST(`/api/v1/tasks`,{params:{header:n},body:{},bodySerializer:()=>e}))).task_id}async function d(e,t,r={}){let a={task_id:e},o={...r.reason?{reason:r.reason}:{},...r.version===void 0?{}:{expected_version:r.version}};if(t===`delete`){let e={...o,force:!0};await _e(X.DELETE(`/api/v1/tasks/{task_id}`,{params:{path:a,query:e}}));return}let s=await _e(t===`restart`?X.PUT(`/api/v1/tasks/{task_id}/restart`,{params:{path:a},body:{...o,from:r.from??`start`}}):X.PUT(`/api/v1/tasks/{task_id}/${t}`,{params:{path:a},body:o}));s.task&&i({...n.get(e),...s.task})}return{byId:n,movedAt:r,load:a,list:o,watchOne:s,watchMany:c,submit:u,command:d,take:i}});function Sn(e,t){if(e.percent!==t.percent||e.stage!==t.stage)return!0;let n=e=>e.stages.map(e=>e.progress?.done??0).join();return n(e)!==n(t)}export{fn as a,gn as i,vn as n,Qt as o,_n as r,xn as t};