import{C as e,D as t,O as n,T as r,_ as i,a,b as o,c as s,d as c,f as l,h as u,i as d,m as f,p,r as m,s as h,t as g,v as _,y as v}from"./light-DzLdyIB3.js";import{a as y,i as b,l as x,n as S,r as C}from"./event-Ns2b9bE_.js";import{A as w,B as T,Ct as E,D,E as ee,Et as O,H as k,I as A,K as j,L as M,M as N,R as P,S as te,T as F,Tt as I,W as ne,_ as re,bt as L,j as ie,k as R,m as ae,v as z,w as oe,wt as B,xt as V,y as se}from"./http-ChLz1mEL.js";import{r as ce,t as le}from"./Suffix-BgUaj0dR.js";import{D as ue,Et as de,G as H,H as fe,J as pe,K as me,L as U,N as W,R as he,S as G,U as ge,V as _e,a as ve,b as K,bt as q,f as ye,g as J,ht as Y,it as be,j as X,k as Z,nt as xe,tt as Se,w as Q,x as $,z as Ce}from"./Icon-8WQVztV6.js";import{_ as we,a as Te,c as Ee,d as De,g as Oe,h as ke,i as Ae,m as je,n as Me,s as Ne}from"./replaceable-K99mrC08.js";var Pe=Z({name:`Empty`,render(){return(()=>{let e=A(`15c1a247ae156450`);return e[0]||=$(`svg`,{viewBox:`0 0 28 28`,fill:`none`,xmlns:`http://www.w3.org/2000/svg`},[$(`path`,{d:`M26 7.5C26 11.0899 23.0899 14 19.5 14C15.9101 14 13 11.0899 13 7.5C13 3.91015 15.9101 1 19.5 1C23.0899 1 26 3.91015 26 7.5ZM16.8536 4.14645C16.6583 3.95118 16.3417 3.95118 16.1464 4.14645C15.9512 4.34171 15.9512 4.65829 16.1464 4.85355L18.7929 7.5L16.1464 10.1464C15.9512 10.3417 15.9512 10.6583 16.1464 10.8536C16.3417 11.0488 16.6583 11.0488 16.8536 10.8536L19.5 8.20711L22.1464 10.8536C22.3417 11.0488 22.6583 11.0488 22.8536 10.8536C23.0488 10.6583 23.0488 10.3417 22.8536 10.1464L20.2071 7.5L22.8536 4.85355C23.0488 4.65829 23.0488 4.34171 22.8536 4.14645C22.6583 3.95118 22.3417 3.95118 22.1464 4.14645L19.5 6.79289L16.8536 4.14645Z`,fill:`currentColor`}),$(`path`,{d:`M25 22.75V12.5991C24.5572 13.0765 24.053 13.4961 23.5 13.8454V16H17.5L17.3982 16.0068C17.0322 16.0565 16.75 16.3703 16.75 16.75C16.75 18.2688 15.5188 19.5 14 19.5C12.4812 19.5 11.25 18.2688 11.25 16.75L11.2432 16.6482C11.1935 16.2822 10.8797 16 10.5 16H4.5V7.25C4.5 6.2835 5.2835 5.5 6.25 5.5H12.2696C12.4146 4.97463 12.6153 4.47237 12.865 4H6.25C4.45507 4 3 5.45507 3 7.25V22.75C3 24.5449 4.45507 26 6.25 26H21.75C23.5449 26 25 24.5449 25 22.75ZM4.5 22.75V17.5H9.81597L9.85751 17.7041C10.2905 19.5919 11.9808 21 14 21L14.215 20.9947C16.2095 20.8953 17.842 19.4209 18.184 17.5H23.5V22.75C23.5 23.7165 22.7165 24.5 21.75 24.5H6.25C5.2835 24.5 4.5 23.7165 4.5 22.75Z`,fill:`currentColor`})],-1)})()}}),Fe=V(`empty`,`
 display: flex;
 flex-direction: column;
 align-items: center;
 font-size: var(--n-font-size);
`,[E(`icon`,`
 width: var(--n-icon-size);
 height: var(--n-icon-size);
 font-size: var(--n-icon-size);
 line-height: var(--n-icon-size);
 color: var(--n-icon-color);
 transition:
 color .3s var(--n-bezier);
 `,[L(`+`,[E(`description`,`
 margin-top: 8px;
 `)])]),E(`description`,`
 transition: color .3s var(--n-bezier);
 color: var(--n-text-color);
 `),E(`extra`,`
 text-align: center;
 transition: color .3s var(--n-bezier);
 margin-top: 12px;
 color: var(--n-extra-text-color);
 `)]),Ie={...R.props,description:String,showDescription:{type:Boolean,default:!0},showIcon:{type:Boolean,default:!0},size:{type:String,default:`medium`},renderIcon:Function},Le=Z({name:`Empty`,props:Ie,slots:Object,setup(e){let{mergedClsPrefixRef:t,inlineThemeDisabled:n,mergedComponentPropsRef:i}=ne(e),a=R(`Empty`,`-empty`,Fe,r,e,t),{localeRef:o}=ce(`Empty`),s=K(()=>e.description??i?.value?.Empty?.description),c=K(()=>i?.value?.Empty?.renderIcon||(()=>(H(),G(Pe)))),l=K(()=>{let{size:t}=e,{common:{cubicBezierEaseInOut:n},self:{[O(`iconSize`,t)]:r,[O(`fontSize`,t)]:i,textColor:o,iconColor:s,extraTextColor:c}}=a.value;return{"--n-icon-size":r,"--n-font-size":i,"--n-bezier":n,"--n-text-color":o,"--n-icon-color":s,"--n-extra-text-color":c}}),u=n?w(`empty`,K(()=>{let t=``,{size:n}=e;return t+=n[0],t}),l,e):void 0;return{mergedClsPrefix:t,mergedRenderIcon:c,localizedDescription:K(()=>s.value||o.value.description),cssVars:n?void 0:l,themeClass:u?.themeClass,onRender:u?.onRender}},render(){let{$slots:e,mergedClsPrefix:t,onRender:n}=this;return n?.(),H(),Q(`div`,{class:M([`${t}-empty`,this.themeClass]),style:de(this.cssVars)},[this.showIcon?(H(),Q(`div`,{key:0,class:M(`${t}-empty__icon`)},[e.icon?(H(),Q(J,{key:0},[T(()=>e.icon())],64)):(H(),G(De,{key:1,clsPrefix:t},{default:this.mergedRenderIcon},1032,[`clsPrefix`]))],2)):T(()=>null),this.showDescription?(H(),Q(`div`,{key:2,class:M(`${t}-empty__description`)},[e.default?(H(),Q(J,{key:0},[T(()=>e.default())],64)):(H(),Q(J,{key:1},[T(()=>this.localizedDescription)],64))],2)):T(()=>null),e.extra?(H(),Q(`div`,{key:4,class:M(`${t}-empty__extra`)},[T(()=>e.extra())],2)):T(()=>null)],6)}});function Re(e){return e&-e}var ze=class{constructor(e,t){this.l=e,this.min=t;let n=Array(e+1);for(let t=0;t<e+1;++t)n[t]=0;this.ft=n}add(e,t){if(t===0)return;let{l:n,ft:r}=this;for(e+=1;e<=n;)r[e]+=t,e+=Re(e)}get(e){return this.sum(e+1)-this.sum(e)}sum(e){if(e===void 0&&(e=this.l),e<=0)return 0;let{ft:t,min:n,l:r}=this;if(e>r)throw Error("[FinweckTree.sum]: `i` is larger than length.");let i=e*n;for(;e>0;)i+=t[e],e-=Re(e);return i}getBound(e){let t=0,n=this.l;for(;n>t;){let r=Math.floor((t+n)/2),i=this.sum(r);if(i>e)n=r;else if(i<e){if(t===r)return this.sum(t+1)<=e?t+1:r;t=r}else return r}return t}},Be;function Ve(){return typeof document>`u`?!1:(Be===void 0&&(Be=`matchMedia`in window&&window.matchMedia(`(pointer:coarse)`).matches),Be)}var He;function Ue(){return typeof document>`u`?1:(He===void 0&&(He=`chrome`in window?window.devicePixelRatio:1),He)}var We=`VVirtualListXScroll`;function Ge({columnsRef:e,renderColRef:t,renderItemWithColsRef:n}){let r=Y(0),i=Y(0),a=K(()=>{let t=e.value;if(t.length===0)return null;let n=new ze(t.length,0);return t.forEach((e,t)=>{n.add(t,e.width)}),n}),o=D(()=>{let e=a.value;return e===null?0:Math.max(e.getBound(i.value)-1,0)}),s=e=>{let t=a.value;return t===null?0:t.sum(e)},c=D(()=>{let t=a.value;return t===null?0:Math.min(t.getBound(i.value+r.value)+1,e.value.length-1)});return me(We,{startIndexRef:o,endIndexRef:c,columnsRef:e,renderColRef:t,renderItemWithColsRef:n,getLeft:s}),{listWidthRef:r,scrollLeftRef:i}}var Ke=Z({name:`VirtualListRow`,props:{index:{type:Number,required:!0},item:{type:Object,required:!0}},setup(){let{startIndexRef:e,endIndexRef:t,columnsRef:n,getLeft:r,renderColRef:i,renderItemWithColsRef:a}=W(We);return{startIndex:e,endIndex:t,columns:n,renderCol:i,renderItemWithCols:a,getLeft:r}},render(){let{startIndex:e,endIndex:t,columns:n,renderCol:r,renderItemWithCols:i,getLeft:a,item:o}=this;if(i!=null)return i({itemIndex:this.index,startColIndex:e,endColIndex:t,allColumns:n,item:o,getLeft:a});if(r!=null){let i=[];for(let s=e;s<=t;++s){let e=n[s];i.push(r({column:e,left:a(s),item:o}))}return i}return null}}),qe=l(`.v-vl`,{maxHeight:`inherit`,height:`100%`,overflow:`auto`,minWidth:`1px`},[l(`&:not(.v-vl--show-scrollbar)`,{scrollbarWidth:`none`},[l(`&::-webkit-scrollbar, &::-webkit-scrollbar-track-piece, &::-webkit-scrollbar-thumb`,{width:0,height:0,display:`none`})])]),Je=Z({name:`VirtualList`,inheritAttrs:!1,props:{showScrollbar:{type:Boolean,default:!0},columns:{type:Array,default:()=>[]},renderCol:Function,renderItemWithCols:Function,items:{type:Array,default:()=>[]},itemSize:{type:Number,required:!0},itemResizable:Boolean,itemsStyle:[String,Object],visibleItemsTag:{type:[String,Object],default:`div`},visibleItemsProps:Object,ignoreItemResize:Boolean,onScroll:Function,onWheel:Function,onResize:Function,defaultScrollKey:[Number,String],defaultScrollIndex:Number,keyField:{type:String,default:`key`},paddingTop:{type:[Number,String],default:0},paddingBottom:{type:[Number,String],default:0}},setup(e){let t=k();qe.mount({id:`vueuc/virtual-list`,head:!0,anchorMetaName:p,ssr:t}),ge(()=>{let{defaultScrollIndex:t,defaultScrollKey:n}=e;t==null?n!=null&&v({key:n}):v({index:t})});let r=!1,i=!1;Ce(()=>{r=!1,i?v({top:h.value,left:s.value}):i=!0}),fe(()=>{r=!0,i||=!0});let a=D(()=>{if(e.renderCol==null&&e.renderItemWithCols==null||e.columns.length===0)return;let t=0;return e.columns.forEach(e=>{t+=e.width}),t}),o=K(()=>{let t=new Map,{keyField:n}=e;return e.items.forEach((e,r)=>{t.set(e[n],r)}),t}),{scrollLeftRef:s,listWidthRef:c}=Ge({columnsRef:q(e,`columns`),renderColRef:q(e,`renderCol`),renderItemWithColsRef:q(e,`renderItemWithCols`)}),l=Y(null),u=Y(void 0),d=new Map,f=K(()=>{let{items:t,itemSize:n,keyField:r}=e,i=new ze(t.length,n);return t.forEach((e,t)=>{let n=e[r],a=d.get(n);a!==void 0&&i.add(t,a)}),i}),m=Y(0),h=Y(0),g=D(()=>Math.max(f.value.getBound(h.value-je(e.paddingTop))-1,0)),_=K(()=>{let{value:t}=u;if(t===void 0)return[];let{items:n,itemSize:r}=e,i=g.value,a=Math.min(i+Math.ceil(t/r+1),n.length-1),o=[];for(let e=i;e<=a;++e)o.push(n[e]);return o}),v=(e,t)=>{if(typeof e==`number`){S(e,t,`auto`);return}let{left:n,top:r,index:i,key:a,position:s,behavior:c,debounce:l=!0}=e;if(n!==void 0||r!==void 0)S(n,r,c);else if(i!==void 0)x(i,c,l);else if(a!==void 0){let e=o.value.get(a);e!==void 0&&x(e,c,l)}else s===`bottom`?S(0,2**53-1,c):s===`top`&&S(0,0,c)},y,b=null;function x(t,n,r){let i=l.value;if(i==null)return;let{value:a}=f,o=a.sum(t)+je(e.paddingTop);if(!r)i.scrollTo({left:0,top:o,behavior:n});else{y=t,b!==null&&window.clearTimeout(b),b=window.setTimeout(()=>{y=void 0,b=null},16);let{scrollTop:e,offsetHeight:r}=i;if(o>e){let s=a.get(t);o+s<=e+r||i.scrollTo({left:0,top:o+s-r,behavior:n})}else i.scrollTo({left:0,top:o,behavior:n})}}function S(e,t,n){l.value?.scrollTo({left:e,top:t,behavior:n})}function C(t,n){if(r||e.ignoreItemResize||j(n.target))return;let{value:i}=f,a=o.value.get(t),s=i.get(a),c=n.borderBoxSize?.[0]?.blockSize??n.contentRect.height;if(c===s)return;c-e.itemSize===0?d.delete(t):d.set(t,c-e.itemSize);let u=c-s;if(u===0)return;i.add(a,u);let p=l.value;if(p!=null){if(y===void 0){let e=i.sum(a);p.scrollTop>e&&p.scrollBy(0,u)}else(a<y||a===y&&c+i.sum(a)>p.scrollTop+p.offsetHeight)&&p.scrollBy(0,u);A()}m.value++}let w=!Ve(),T=!1;function E(t){var n;(n=e.onScroll)==null||n.call(e,t),w&&T||A()}function ee(t){var r;if((r=e.onWheel)==null||r.call(e,t),w){let e=l.value;if(e!=null){if(t.deltaX===0&&(e.scrollTop===0&&t.deltaY<=0||e.scrollTop+e.offsetHeight>=e.scrollHeight&&t.deltaY>=0))return;t.preventDefault(),e.scrollTop+=t.deltaY/Ue(),e.scrollLeft+=t.deltaX/Ue(),A(),T=!0,n(()=>{T=!1})}}}function O(t){if(r||j(t.target))return;if(e.renderCol==null&&e.renderItemWithCols==null){if(t.contentRect.height===u.value)return}else if(t.contentRect.height===u.value&&t.contentRect.width===c.value)return;u.value=t.contentRect.height,c.value=t.contentRect.width;let{onResize:n}=e;n!==void 0&&n(t)}function A(){let{value:e}=l;e!=null&&(h.value=e.scrollTop,s.value=e.scrollLeft)}function j(e){let t=e;for(;t!==null;){if(t.style.display===`none`)return!0;t=t.parentElement}return!1}return{listHeight:u,listStyle:{overflow:`auto`},keyToIndex:o,itemsStyle:K(()=>{let{itemResizable:t}=e,n=Oe(f.value.sum());return m.value,[e.itemsStyle,{boxSizing:`content-box`,width:Oe(a.value),height:t?``:n,minHeight:t?n:``,paddingTop:Oe(e.paddingTop),paddingBottom:Oe(e.paddingBottom)}]}),visibleItemsStyle:K(()=>(m.value,{transform:`translateY(${Oe(f.value.sum(g.value))})`})),viewportItems:_,listElRef:l,itemsElRef:Y(null),scrollTo:v,handleListResize:O,handleListScroll:E,handleListWheel:ee,handleItemResize:C}},render(){let{itemResizable:e,keyField:t,keyToIndex:n,visibleItemsTag:r}=this;return X(Ae,{onResize:this.handleListResize},{default:()=>{var i;return X(`div`,U(this.$attrs,{class:[`v-vl`,this.showScrollbar&&`v-vl--show-scrollbar`],onScroll:this.handleListScroll,onWheel:this.handleListWheel,ref:`listElRef`}),[this.items.length===0?(i=this.$slots).empty?.call(i):X(`div`,{ref:`itemsElRef`,class:`v-vl-items`,style:this.itemsStyle},[X(r,Object.assign({class:`v-vl-visible-items`,style:this.visibleItemsStyle},this.visibleItemsProps),{default:()=>{let{renderCol:r,renderItemWithCols:i}=this;return this.viewportItems.map(a=>{let o=a[t],s=n.get(o),c=r==null?void 0:X(Ke,{index:s,item:a}),l=i==null?void 0:X(Ke,{index:s,item:a}),u=this.$slots.default({item:a,renderedCols:c,renderedItemWithCols:l,index:s})[0];return e?X(Ae,{key:o,onResize:e=>this.handleItemResize(o,e)},{default:()=>u}):(u.key=o,u)})}})])])}})}}),Ye=`v-hidden`,Xe=l(`[v-hidden]`,{display:`none!important`}),Ze=Z({name:`Overflow`,props:{getCounter:Function,getTail:Function,updateCounter:Function,onUpdateCount:Function,onUpdateOverflow:Function},setup(e,{slots:t}){let n=Y(null),r=Y(null);function i(i){let{value:a}=n,{getCounter:o,getTail:s}=e,c;if(c=o===void 0?r.value:o(),!a||!c)return;c.hasAttribute(Ye)&&c.removeAttribute(Ye);let{children:l}=a;if(i.showAllItemsBeforeCalculate)for(let e of l)e.hasAttribute(Ye)&&e.removeAttribute(Ye);let u=a.offsetWidth,d=[],f=t.tail?s?.():null,p=f?f.offsetWidth:0,m=!1,h=a.children.length-+!!t.tail;for(let t=0;t<h-1;++t){if(t<0)continue;let n=l[t];if(m){n.hasAttribute(Ye)||n.setAttribute(Ye,``);continue}n.hasAttribute(Ye)&&n.removeAttribute(Ye);let r=n.offsetWidth;if(p+=r,d[t]=r,p>u){let{updateCounter:n}=e;for(let r=t;r>=0;--r){let i=h-1-r;n===void 0?c.textContent=`${i}`:n(i);let a=c.offsetWidth;if(p-=d[r],p+a<=u||r===0){m=!0,t=r-1,f&&(t===-1?(f.style.maxWidth=`${u-a}px`,f.style.boxSizing=`border-box`):f.style.maxWidth=``);let{onUpdateCount:n}=e;n&&n(i);break}}}}let{onUpdateOverflow:g}=e;m?g!==void 0&&g(!0):(g!==void 0&&g(!1),c.setAttribute(Ye,``))}let a=k();return Xe.mount({id:`vueuc/overflow`,head:!0,anchorMetaName:p,ssr:a}),ge(()=>i({showAllItemsBeforeCalculate:!1})),{selfRef:n,counterRef:r,sync:i}},render(){let{$slots:e}=this;return he(()=>this.sync({showAllItemsBeforeCalculate:!1})),X(`div`,{class:`v-overflow`,ref:`selfRef`},[pe(e,`default`),e.counter?e.counter():X(`span`,{style:{display:`inline-block`},ref:`counterRef`}),e.tail?e.tail():null])}});function Qe(e){let{textColor2:t,primaryColorHover:n,primaryColorPressed:r,primaryColor:i,infoColor:a,successColor:o,warningColor:s,errorColor:c,baseColor:l,borderColor:u,opacityDisabled:d,tagColor:f,closeIconColor:p,closeIconColorHover:m,closeIconColorPressed:g,borderRadiusSmall:_,fontSizeMini:v,fontSizeTiny:y,fontSizeSmall:b,fontSizeMedium:x,heightMini:S,heightTiny:C,heightSmall:w,heightMedium:T,closeColorHover:E,closeColorPressed:D,buttonColor2Hover:ee,buttonColor2Pressed:O,fontWeightStrong:k}=e;return{...h,closeBorderRadius:_,heightTiny:S,heightSmall:C,heightMedium:w,heightLarge:T,borderRadius:_,opacityDisabled:d,fontSizeTiny:v,fontSizeSmall:y,fontSizeMedium:b,fontSizeLarge:x,fontWeightStrong:k,textColorCheckable:t,textColorHoverCheckable:t,textColorPressedCheckable:t,textColorChecked:l,colorCheckable:`#0000`,colorHoverCheckable:ee,colorPressedCheckable:O,colorChecked:i,colorCheckedHover:n,colorCheckedPressed:r,border:`1px solid ${u}`,textColor:t,color:f,colorBordered:`rgb(250, 250, 252)`,closeIconColor:p,closeIconColorHover:m,closeIconColorPressed:g,closeColorHover:E,closeColorPressed:D,borderPrimary:`1px solid ${N(i,{alpha:.3})}`,textColorPrimary:i,colorPrimary:N(i,{alpha:.12}),colorBorderedPrimary:N(i,{alpha:.1}),closeIconColorPrimary:i,closeIconColorHoverPrimary:i,closeIconColorPressedPrimary:i,closeColorHoverPrimary:N(i,{alpha:.12}),closeColorPressedPrimary:N(i,{alpha:.18}),borderInfo:`1px solid ${N(a,{alpha:.3})}`,textColorInfo:a,colorInfo:N(a,{alpha:.12}),colorBorderedInfo:N(a,{alpha:.1}),closeIconColorInfo:a,closeIconColorHoverInfo:a,closeIconColorPressedInfo:a,closeColorHoverInfo:N(a,{alpha:.12}),closeColorPressedInfo:N(a,{alpha:.18}),borderSuccess:`1px solid ${N(o,{alpha:.3})}`,textColorSuccess:o,colorSuccess:N(o,{alpha:.12}),colorBorderedSuccess:N(o,{alpha:.1}),closeIconColorSuccess:o,closeIconColorHoverSuccess:o,closeIconColorPressedSuccess:o,closeColorHoverSuccess:N(o,{alpha:.12}),closeColorPressedSuccess:N(o,{alpha:.18}),borderWarning:`1px solid ${N(s,{alpha:.35})}`,textColorWarning:s,colorWarning:N(s,{alpha:.15}),colorBorderedWarning:N(s,{alpha:.12}),closeIconColorWarning:s,closeIconColorHoverWarning:s,closeIconColorPressedWarning:s,closeColorHoverWarning:N(s,{alpha:.12}),closeColorPressedWarning:N(s,{alpha:.18}),borderError:`1px solid ${N(c,{alpha:.23})}`,textColorError:c,colorError:N(c,{alpha:.1}),colorBorderedError:N(c,{alpha:.08}),closeIconColorError:c,closeIconColorHoverError:c,closeIconColorPressedError:c,closeColorHoverError:N(c,{alpha:.12}),closeColorPressedError:N(c,{alpha:.18})}}var $e={name:`Tag`,common:ie,self:Qe},et={color:Object,type:{type:String,default:`default`},round:Boolean,size:String,closable:Boolean,disabled:{type:Boolean,default:void 0}},tt=V(`tag`,`
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
`,[B(`strong`,`
 font-weight: var(--n-font-weight-strong);
 `),E(`border`,`
 pointer-events: none;
 position: absolute;
 left: 0;
 right: 0;
 top: 0;
 bottom: 0;
 border-radius: inherit;
 border: var(--n-border);
 transition: border-color .3s var(--n-bezier);
 `),E(`icon`,`
 display: flex;
 margin: 0 4px 0 0;
 color: var(--n-text-color);
 transition: color .3s var(--n-bezier);
 font-size: var(--n-avatar-size-override);
 `),E(`avatar`,`
 display: flex;
 margin: 0 6px 0 0;
 `),E(`close`,`
 margin: var(--n-close-margin);
 transition:
 background-color .3s var(--n-bezier),
 color .3s var(--n-bezier);
 `),B(`round`,`
 padding: 0 calc(var(--n-height) / 3);
 border-radius: calc(var(--n-height) / 2);
 `,[E(`icon`,`
 margin: 0 4px 0 calc((var(--n-height) - 8px) / -2);
 `),E(`avatar`,`
 margin: 0 6px 0 calc((var(--n-height) - 8px) / -2);
 `),B(`closable`,`
 padding: 0 calc(var(--n-height) / 4) 0 calc(var(--n-height) / 3);
 `)]),B(`icon, avatar`,[B(`round`,`
 padding: 0 calc(var(--n-height) / 3) 0 calc(var(--n-height) / 2);
 `)]),B(`disabled`,`
 cursor: not-allowed !important;
 opacity: var(--n-opacity-disabled);
 `),B(`checkable`,`
 cursor: pointer;
 box-shadow: none;
 color: var(--n-text-color-checkable);
 background-color: var(--n-color-checkable);
 `,[I(`disabled`,[L(`&:hover`,`background-color: var(--n-color-hover-checkable);`,[I(`checked`,`color: var(--n-text-color-hover-checkable);`)]),L(`&:active`,`background-color: var(--n-color-pressed-checkable);`,[I(`checked`,`color: var(--n-text-color-pressed-checkable);`)])]),B(`checked`,`
 color: var(--n-text-color-checked);
 background-color: var(--n-color-checked);
 `,[I(`disabled`,[L(`&:hover`,`background-color: var(--n-color-checked-hover);`),L(`&:active`,`background-color: var(--n-color-checked-pressed);`)])])])]),nt=[`onClick`,`onMouseenter`,`onMouseleave`],rt={...R.props,...et,bordered:{type:Boolean,default:void 0},checked:Boolean,checkable:Boolean,strong:Boolean,triggerClickOnClose:Boolean,onClose:[Array,Function],onMouseenter:Function,onMouseleave:Function,"onUpdate:checked":Function,onUpdateChecked:Function,internalCloseFocusable:{type:Boolean,default:!0},internalCloseIsButtonTag:{type:Boolean,default:!0},onCheckedChange:Function},it=j(`n-tag`),at=Z({name:`Tag`,props:rt,slots:Object,setup(e){let t=Y(null),{mergedBorderedRef:n,mergedClsPrefixRef:r,inlineThemeDisabled:i,mergedRtlRef:a,mergedComponentPropsRef:o}=ne(e),s=K(()=>e.size||o?.value?.Tag?.size||`medium`),c=R(`Tag`,`-tag`,tt,$e,e,r);me(it,{roundRef:q(e,`round`)});function l(){if(!e.disabled&&e.checkable){let{checked:t,onCheckedChange:n,onUpdateChecked:r,"onUpdate:checked":i}=e;r&&r(!t),i&&i(!t),n&&n(!t)}}function u(t){if(e.triggerClickOnClose||t.stopPropagation(),!e.disabled){let{onClose:n}=e;n&&F(n,t)}}let d={setTextContent(e){let{value:n}=t;n&&(n.textContent=e)}},f=se(`Tag`,a,r),p=K(()=>{let{type:t,color:{color:r,textColor:i}={}}=e,a=s.value,{common:{cubicBezierEaseInOut:o},self:{padding:l,closeMargin:u,borderRadius:d,opacityDisabled:f,textColorCheckable:p,textColorHoverCheckable:m,textColorPressedCheckable:h,textColorChecked:g,colorCheckable:_,colorHoverCheckable:v,colorPressedCheckable:y,colorChecked:b,colorCheckedHover:x,colorCheckedPressed:S,closeBorderRadius:C,fontWeightStrong:w,[O(`colorBordered`,t)]:T,[O(`closeSize`,a)]:E,[O(`closeIconSize`,a)]:D,[O(`fontSize`,a)]:ee,[O(`height`,a)]:k,[O(`color`,t)]:A,[O(`textColor`,t)]:j,[O(`border`,t)]:M,[O(`closeIconColor`,t)]:N,[O(`closeIconColorHover`,t)]:P,[O(`closeIconColorPressed`,t)]:te,[O(`closeColorHover`,t)]:F,[O(`closeColorPressed`,t)]:I}}=c.value,ne=ke(u);return{"--n-font-weight-strong":w,"--n-avatar-size-override":`calc(${k} - 8px)`,"--n-bezier":o,"--n-border-radius":d,"--n-border":M,"--n-close-icon-size":D,"--n-close-color-pressed":I,"--n-close-color-hover":F,"--n-close-border-radius":C,"--n-close-icon-color":N,"--n-close-icon-color-hover":P,"--n-close-icon-color-pressed":te,"--n-close-icon-color-disabled":N,"--n-close-margin-top":ne.top,"--n-close-margin-right":ne.right,"--n-close-margin-bottom":ne.bottom,"--n-close-margin-left":ne.left,"--n-close-size":E,"--n-color":r||(n.value?T:A),"--n-color-checkable":_,"--n-color-checked":b,"--n-color-checked-hover":x,"--n-color-checked-pressed":S,"--n-color-hover-checkable":v,"--n-color-pressed-checkable":y,"--n-font-size":ee,"--n-height":k,"--n-opacity-disabled":f,"--n-padding":l,"--n-text-color":i||j,"--n-text-color-checkable":p,"--n-text-color-checked":g,"--n-text-color-hover-checkable":m,"--n-text-color-pressed-checkable":h}}),m=i?w(`tag`,K(()=>{let t=``,{type:r,color:{color:i,textColor:a}={}}=e;return t+=r[0],t+=s.value[0],i&&(t+=`a${z(i)}`),a&&(t+=`b${z(a)}`),n.value&&(t+=`c`),t}),p,e):void 0;return{...d,rtlEnabled:f,mergedClsPrefix:r,contentRef:t,mergedBordered:n,handleClick:l,handleCloseClick:u,cssVars:i?void 0:p,themeClass:m?.themeClass,onRender:m?.onRender}},render(){let{mergedClsPrefix:e,rtlEnabled:t,closable:n,color:{borderColor:r}={},round:i,onRender:a,$slots:o}=this;a?.();let s=oe(o.avatar,t=>t&&(H(),Q(`div`,{class:M(`${e}-tag__avatar`)},[T(()=>t)],2))),c=oe(o.icon,t=>t&&(H(),Q(`div`,{class:M(`${e}-tag__icon`)},[T(()=>t)],2)));return H(),Q(`div`,{class:M([`${e}-tag`,this.themeClass,{[`${e}-tag--rtl`]:t,[`${e}-tag--strong`]:this.strong,[`${e}-tag--disabled`]:this.disabled,[`${e}-tag--checkable`]:this.checkable,[`${e}-tag--checked`]:this.checkable&&this.checked,[`${e}-tag--round`]:i,[`${e}-tag--avatar`]:s,[`${e}-tag--icon`]:c,[`${e}-tag--closable`]:n}]),style:de(this.cssVars),onClick:this.handleClick,onMouseenter:this.onMouseenter,onMouseleave:this.onMouseleave},[T(()=>c||s),$(`span`,{class:M(`${e}-tag__content`),ref:`contentRef`},[T(()=>this.$slots.default?.())],2),!this.checkable&&n?(H(),G(y,{key:0,clsPrefix:e,class:M(`${e}-tag__close`),disabled:this.disabled,onClick:this.handleCloseClick,focusable:this.internalCloseFocusable,round:i,isButtonTag:this.internalCloseIsButtonTag,absolute:!0},null,8,[`clsPrefix`,`class`,`disabled`,`onClick`,`focusable`,`round`,`isButtonTag`])):T(()=>null),!this.checkable&&this.mergedBordered?(H(),Q(`div`,{key:2,class:M(`${e}-tag__border`),style:de({borderColor:r})},null,6)):T(()=>null)],46,nt)}});function ot(e){switch(typeof e){case`string`:return e||void 0;case`number`:return String(e);default:return}}function st(e,t){t&&(ge(()=>{let{value:n}=e;n&&Te.registerHandler(n,t)}),Se(e,(e,t)=>{t&&Te.unregisterHandler(t)},{deep:!1}),_e(()=>{let{value:t}=e;t&&Te.unregisterHandler(t)}))}var ct=Z({props:{onFocus:Function,onBlur:Function},setup(e){return()=>(()=>{let t=A(`d16ead82505dc285`);return H(),Q(`div`,{style:`width: 0; height: 0`,tabindex:0,onFocus:t[0]||=t=>e.onFocus?.(t),onBlur:t[1]||=t=>e.onBlur?.(t)},null,32)})()}}),lt=Z({name:`NBaseSelectGroupHeader`,props:{clsPrefix:{type:String,required:!0},tmNode:{type:Object,required:!0}},setup(){let{renderLabelRef:e,renderOptionRef:t,labelFieldRef:n,nodePropsRef:r}=W(o);return{labelField:n,nodeProps:r,renderLabel:e,renderOption:t}},render(){let{clsPrefix:e,renderLabel:t,renderOption:n,nodeProps:r,tmNode:{rawNode:i}}=this,a=r?.(i),o=t?t(i,!1):b(i[this.labelField],i,!1),s=(H(),Q(`div`,U(a,{class:[`${e}-base-select-group-header`,a?.class]}),[T(()=>o)],16));return i.render?i.render({node:s,option:i}):n?n({node:s,option:i,selected:!1}):s}});function ut(e){let t=e.filter(e=>e!==void 0);if(t.length!==0)return t.length===1?t[0]:t=>{e.forEach(e=>{e&&e(t)})}}var dt=Z({name:`Checkmark`,render(){return(()=>{let e=A(`3c84eac8ae4e1f96`);return e[0]||=$(`svg`,{xmlns:`http://www.w3.org/2000/svg`,viewBox:`0 0 16 16`},[$(`g`,{fill:`none`},[$(`path`,{d:`M14.046 3.486a.75.75 0 0 1-.032 1.06l-7.93 7.474a.85.85 0 0 1-1.188-.022l-2.68-2.72a.75.75 0 1 1 1.068-1.053l2.234 2.267l7.468-7.038a.75.75 0 0 1 1.06.032z`,fill:`currentColor`})])],-1)})()}}),ft=[`onClick`,`onMouseenter`,`onMousemove`];function pt(e,t){return H(),G(ve,{name:`fade-in-scale-up-transition`},{default:()=>e?(H(),G(De,{key:1,clsPrefix:t,class:M(`${t}-base-select-option__check`)},{default:()=>X(dt)},1032,[`clsPrefix`,`class`])):null},1024)}var mt=Z({name:`NBaseSelectOption`,props:{clsPrefix:{type:String,required:!0},tmNode:{type:Object,required:!0}},setup(e){let{valueRef:t,pendingTmNodeRef:n,multipleRef:r,valueSetRef:i,renderLabelRef:a,renderOptionRef:s,labelFieldRef:c,valueFieldRef:l,showCheckmarkRef:u,nodePropsRef:d,handleOptionClick:f,handleOptionMouseEnter:p}=W(o),m=D(()=>{let{value:t}=n;return t?e.tmNode.key===t.key:!1});function h(t){let{tmNode:n}=e;n.disabled||f(t,n)}function g(t){let{tmNode:n}=e;n.disabled||p(t,n)}function _(t){let{tmNode:n}=e,{value:r}=m;n.disabled||r||p(t,n)}return{multiple:r,isGrouped:D(()=>{let{tmNode:t}=e,{parent:n}=t;return n&&n.rawNode.type===`group`}),showCheckmark:u,nodeProps:d,isPending:m,isSelected:D(()=>{let{value:n}=t,{value:a}=r;if(n===null)return!1;let o=e.tmNode.rawNode[l.value];if(a){let{value:e}=i;return e.has(o)}return n===o}),labelField:c,renderLabel:a,renderOption:s,handleMouseMove:_,handleMouseEnter:g,handleClick:h}},render(){let{clsPrefix:e,tmNode:{rawNode:t},isSelected:n,isPending:r,isGrouped:i,showCheckmark:a,nodeProps:o,renderOption:s,renderLabel:c,handleClick:l,handleMouseEnter:u,handleMouseMove:d}=this,f=pt(n,e),p=c?[c(t,n),a&&f]:[b(t[this.labelField],t,n),a&&f],m=o?.(t),h=(H(),Q(`div`,U(m,{class:[`${e}-base-select-option`,t.class,m?.class,{[`${e}-base-select-option--disabled`]:t.disabled,[`${e}-base-select-option--selected`]:n,[`${e}-base-select-option--grouped`]:i,[`${e}-base-select-option--pending`]:r,[`${e}-base-select-option--show-checkmark`]:a}],style:[m?.style||``,t.style||``],onClick:ut([l,m?.onClick]),onMouseenter:ut([u,m?.onMouseenter]),onMousemove:ut([d,m?.onMousemove])}),[$(`div`,{class:M(`${e}-base-select-option__content`)},[T(()=>p)],2)],16,ft));return t.render?t.render({node:h,option:t,selected:n}):s?s({node:h,option:t,selected:n}):h}}),ht=V(`base-select-menu`,`
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
 `,[E(`content`,`
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
 `),E(`loading, empty`,`
 display: flex;
 padding: 12px 32px;
 flex: 1;
 justify-content: center;
 `),E(`loading`,`
 color: var(--n-loading-color);
 font-size: var(--n-loading-size);
 `),E(`header`,`
 padding: 8px var(--n-option-padding-left);
 font-size: var(--n-option-font-size);
 transition: 
 color .3s var(--n-bezier),
 border-color .3s var(--n-bezier);
 border-bottom: 1px solid var(--n-action-divider-color);
 color: var(--n-action-text-color);
 `),E(`action`,`
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
 `,[B(`show-checkmark`,`
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
 `),B(`grouped`,`
 padding-left: calc(var(--n-option-padding-left) * 1.5);
 `),B(`pending`,[L(`&::before`,`
 background-color: var(--n-option-color-pending);
 `)]),B(`selected`,`
 color: var(--n-option-text-color-active);
 `,[L(`&::before`,`
 background-color: var(--n-option-color-active);
 `),B(`pending`,[L(`&::before`,`
 background-color: var(--n-option-color-active-pending);
 `)])]),B(`disabled`,`
 cursor: not-allowed;
 `,[I(`selected`,`
 color: var(--n-option-text-color-disabled);
 `),B(`selected`,`
 opacity: var(--n-option-opacity-disabled);
 `)]),E(`check`,`
 font-size: 16px;
 position: absolute;
 right: calc(var(--n-option-padding-right) - 4px);
 top: calc(50% - 7px);
 color: var(--n-option-check-color);
 transition: color .3s var(--n-bezier);
 `,[C({enterScale:`0.5`})])])]),gt=[`tabindex`,`onFocusin`,`onFocusout`,`onKeyup`,`onKeydown`,`onMousedown`,`onMouseenter`,`onMouseleave`],_t=Z({name:`InternalSelectMenu`,props:{...R.props,clsPrefix:{type:String,required:!0},scrollable:{type:Boolean,default:!0},treeMate:{type:Object,required:!0},multiple:Boolean,size:{type:String,default:`medium`},value:{type:[String,Number,Array],default:null},autoPending:Boolean,virtualScroll:{type:Boolean,default:!0},show:{type:Boolean,default:!0},labelField:{type:String,default:`label`},valueField:{type:String,default:`value`},loading:Boolean,focusable:Boolean,renderLabel:Function,renderOption:Function,nodeProps:Function,showCheckmark:{type:Boolean,default:!0},onMousedown:Function,onScroll:Function,onFocus:Function,onBlur:Function,onKeyup:Function,onKeydown:Function,onTabOut:Function,onMouseenter:Function,onMouseleave:Function,onResize:Function,resetMenuOnOptionsChange:{type:Boolean,default:!0},inlineThemeDisabled:Boolean,scrollbarProps:Object,onToggle:Function},setup(n){let{mergedClsPrefixRef:r,mergedRtlRef:i,mergedComponentPropsRef:s}=ne(n),c=se(`InternalSelectMenu`,i,r),l=R(`InternalSelectMenu`,`-internal-select-menu`,ht,e,n,q(n,`clsPrefix`)),u=Y(null),d=Y(null),f=Y(null),p=K(()=>n.treeMate.getFlattenedNodes()),m=K(()=>a(p.value)),h=Y(null);function g(){let{treeMate:e}=n,t=null,{value:r}=n;r===null?t=e.getFirstAvailableNode():(t=n.multiple?e.getNode((r||[])[(r||[]).length-1]):e.getNode(r),(!t||t.disabled)&&(t=e.getFirstAvailableNode())),re(t||null)}function _(){let{value:e}=h;e&&!n.treeMate.getNode(e.key)&&(h.value=null)}let y;Se(()=>n.show,e=>{e?y=Se(()=>n.treeMate,()=>{n.resetMenuOnOptionsChange?(n.autoPending?g():_(),he(L)):_()},{immediate:!0}):y?.()},{immediate:!0}),_e(()=>{y?.()});let b=K(()=>je(l.value.self[O(`optionHeight`,n.size)])),x=K(()=>ke(l.value.self[O(`padding`,n.size)])),S=K(()=>n.multiple&&Array.isArray(n.value)?new Set(n.value):new Set),C=K(()=>{let e=p.value;return e&&e.length===0}),T=K(()=>s?.value?.Select?.renderEmpty);function E(e){let{onToggle:t}=n;t&&t(e)}function D(e){let{onScroll:t}=n;t&&t(e)}function ee(e){f.value?.sync(),D(e)}function k(){f.value?.sync()}function A(){let{value:e}=h;return e||null}function j(e,t){t.disabled||re(t,!1)}function M(e,t){t.disabled||E(t)}function N(e){t(e,`action`)||n.onKeyup?.(e)}function P(e){t(e,`action`)||n.onKeydown?.(e)}function te(e){n.onMousedown?.(e),n.focusable||e.preventDefault()}function F(){let{value:e}=h;e&&re(e.getNext({loop:!0}),!0)}function I(){let{value:e}=h;e&&re(e.getPrev({loop:!0}),!0)}function re(e,t=!1){h.value=e,t&&L()}function L(){let e=h.value;if(!e)return;let t=m.value(e.key);t!==null&&(n.virtualScroll?d.value?.scrollTo({index:t}):f.value?.scrollTo({index:t,elSize:b.value}))}function ie(e){u.value?.contains(e.target)&&n.onFocus?.(e)}function ae(e){u.value?.contains(e.relatedTarget)||n.onBlur?.(e)}me(o,{handleOptionMouseEnter:j,handleOptionClick:M,valueSetRef:S,pendingTmNodeRef:h,nodePropsRef:q(n,`nodeProps`),showCheckmarkRef:q(n,`showCheckmark`),multipleRef:q(n,`multiple`),valueRef:q(n,`value`),renderLabelRef:q(n,`renderLabel`),renderOptionRef:q(n,`renderOption`),labelFieldRef:q(n,`labelField`),valueFieldRef:q(n,`valueField`)}),me(v,u),ge(()=>{let{value:e}=f;e&&e.sync()});let z=K(()=>{let{size:e}=n,{common:{cubicBezierEaseInOut:t},self:{height:r,borderRadius:i,color:a,groupHeaderTextColor:o,actionDividerColor:s,optionTextColorPressed:c,optionTextColor:u,optionTextColorDisabled:d,optionTextColorActive:f,optionOpacityDisabled:p,optionCheckColor:m,actionTextColor:h,optionColorPending:g,optionColorActive:_,loadingColor:v,loadingSize:y,optionColorActivePending:b,[O(`optionFontSize`,e)]:x,[O(`optionHeight`,e)]:S,[O(`optionPadding`,e)]:C}}=l.value;return{"--n-height":r,"--n-action-divider-color":s,"--n-action-text-color":h,"--n-bezier":t,"--n-border-radius":i,"--n-color":a,"--n-option-font-size":x,"--n-group-header-text-color":o,"--n-option-check-color":m,"--n-option-color-pending":g,"--n-option-color-active":_,"--n-option-color-active-pending":b,"--n-option-height":S,"--n-option-opacity-disabled":p,"--n-option-text-color":u,"--n-option-text-color-active":f,"--n-option-text-color-disabled":d,"--n-option-text-color-pressed":c,"--n-option-padding":C,"--n-option-padding-left":ke(C,`left`),"--n-option-padding-right":ke(C,`right`),"--n-loading-color":v,"--n-loading-size":y}}),{inlineThemeDisabled:oe}=n,B=oe?w(`internal-select-menu`,K(()=>n.size[0]),z,n):void 0,V={selfRef:u,next:F,prev:I,getPendingTmNode:A};return st(u,n.onResize),{mergedTheme:l,mergedClsPrefix:r,rtlEnabled:c,virtualListRef:d,scrollbarRef:f,itemSize:b,padding:x,flattenedNodes:p,empty:C,mergedRenderEmpty:T,virtualListContainer(){let{value:e}=d;return e?.listElRef},virtualListContent(){let{value:e}=d;return e?.itemsElRef},doScroll:D,handleFocusin:ie,handleFocusout:ae,handleKeyUp:N,handleKeyDown:P,handleMouseDown:te,handleVirtualListResize:k,handleVirtualListScroll:ee,cssVars:oe?void 0:z,themeClass:B?.themeClass,onRender:B?.onRender,...V}},render(){let{$slots:e,virtualScroll:t,clsPrefix:n,mergedTheme:r,themeClass:i,onRender:a}=this;return a?.(),H(),Q(`div`,{ref:`selfRef`,tabindex:this.focusable?0:-1,class:M([`${n}-base-select-menu`,`${n}-base-select-menu--${this.size}-size`,this.rtlEnabled&&`${n}-base-select-menu--rtl`,i,this.multiple&&`${n}-base-select-menu--multiple`]),style:de(this.cssVars),onFocusin:this.handleFocusin,onFocusout:this.handleFocusout,onKeyup:this.handleKeyUp,onKeydown:this.handleKeyDown,onMousedown:this.handleMouseDown,onMouseenter:this.onMouseenter,onMouseleave:this.onMouseleave},[T(()=>oe(e.header,e=>e&&(H(),Q(`div`,{class:M(`${n}-base-select-menu__header`),"data-header":!0,key:`header`},[T(()=>e)],2)))),this.loading?(H(),Q(`div`,{key:0,class:M(`${n}-base-select-menu__loading`)},[(H(),G(ae,{clsPrefix:n,strokeWidth:20},null,8,[`clsPrefix`]))],2)):(H(),Q(J,{key:1},[this.empty?(H(),Q(`div`,{key:1,class:M(`${n}-base-select-menu__empty`),"data-empty":!0},[T(()=>te(e.empty,()=>[this.mergedRenderEmpty?.()||(H(),G(Le,{theme:r.peers.Empty,themeOverrides:r.peerOverrides.Empty,size:this.size},null,8,[`theme`,`themeOverrides`,`size`]))]))],2)):(H(),G(Me,U({key:0,ref:`scrollbarRef`,theme:r.peers.Scrollbar,themeOverrides:r.peerOverrides.Scrollbar,scrollable:this.scrollable,container:t?this.virtualListContainer:void 0,content:t?this.virtualListContent:void 0,onScroll:t?void 0:this.doScroll},this.scrollbarProps),{default:()=>t?(H(),G(Je,{key:1,ref:`virtualListRef`,class:M(`${n}-virtual-list`),items:this.flattenedNodes,itemSize:this.itemSize,showScrollbar:!1,paddingTop:this.padding.top,paddingBottom:this.padding.bottom,onResize:this.handleVirtualListResize,onScroll:this.handleVirtualListScroll,itemResizable:!0},{default:({item:e})=>e.isGroup?(H(),G(lt,{key:e.key,clsPrefix:n,tmNode:e},null,8,[`clsPrefix`,`tmNode`])):e.ignored?null:(H(),G(mt,{clsPrefix:n,key:e.key,tmNode:e},null,8,[`clsPrefix`,`tmNode`]))},1032,[`class`,`items`,`itemSize`,`paddingTop`,`paddingBottom`,`onResize`,`onScroll`])):(H(),Q(`div`,{key:4,class:M(`${n}-base-select-menu-option-wrapper`),style:de({paddingTop:this.padding.top,paddingBottom:this.padding.bottom})},[T(()=>this.flattenedNodes.map(e=>e.isGroup?(H(),G(lt,{key:e.key,clsPrefix:n,tmNode:e},null,8,[`clsPrefix`,`tmNode`])):(H(),G(mt,{clsPrefix:n,key:e.key,tmNode:e},null,8,[`clsPrefix`,`tmNode`]))))],6))},1040,[`theme`,`themeOverrides`,`scrollable`,`container`,`content`,`onScroll`]))],64)),T(()=>oe(e.action,e=>e&&[(H(),Q(`div`,{class:M(`${n}-base-select-menu__action`),"data-action":!0,key:`action`},[T(()=>e)],2)),(H(),G(ct,{onFocus:this.onTabOut,key:`focus-detector`},null,8,[`onFocus`]))]))],46,gt)}});function vt(e){return e.type===`group`}function yt(e){return e.type===`ignored`}function bt(e,t){try{return!!(1+t.toString().toLowerCase().indexOf(e.trim().toLowerCase()))}catch{return!1}}function xt(e,t){return{getIsGroup:vt,getIgnored:yt,getKey(t){return vt(t)?t.name||t.key||`key-required`:t[e]},getChildren(e){return e[t]}}}function St(e,t,n,r){if(!t)return e;function i(e){if(!Array.isArray(e))return[];let a=[];for(let o of e)if(vt(o)){let e=i(o[r]);e.length&&a.push(Object.assign({},o,{[r]:e}))}else if(yt(o))continue;else t(n,o)&&a.push(o);return a}return i(e)}function Ct(e,t,n){let r=new Map;return e.forEach(e=>{vt(e)?e[n].forEach(e=>{r.set(e[t],e)}):r.set(e[t],e)}),r}var wt=L([V(`base-selection`,`
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
 `),V(`base-selection-tags`,`min-height: var(--n-height);`),E(`border, state-border`,`
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
 `),E(`state-border`,`
 z-index: 1;
 border-color: #0000;
 `),V(`base-suffix`,`
 cursor: pointer;
 position: absolute;
 top: 50%;
 transform: translateY(-50%);
 right: 10px;
 `,[E(`arrow`,`
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
 `,[E(`wrapper`,`
 flex-basis: 0;
 flex-grow: 1;
 overflow: hidden;
 text-overflow: ellipsis;
 `)]),V(`base-selection-placeholder`,`
 color: var(--n-placeholder-color);
 `,[E(`inner`,`
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
 `,[E(`content`,`
 text-overflow: ellipsis;
 overflow: hidden;
 white-space: nowrap; 
 `)]),E(`render-label`,`
 color: var(--n-text-color);
 `)]),I(`disabled`,[L(`&:hover`,[E(`state-border`,`
 box-shadow: var(--n-box-shadow-hover);
 border: var(--n-border-hover);
 `)]),B(`focus`,[E(`state-border`,`
 box-shadow: var(--n-box-shadow-focus);
 border: var(--n-border-focus);
 `)]),B(`active`,[E(`state-border`,`
 box-shadow: var(--n-box-shadow-active);
 border: var(--n-border-active);
 `),V(`base-selection-label`,`background-color: var(--n-color-active);`),V(`base-selection-tags`,`background-color: var(--n-color-active);`)])]),B(`disabled`,`cursor: not-allowed;`,[E(`arrow`,`
 color: var(--n-arrow-color-disabled);
 `),V(`base-selection-label`,`
 cursor: not-allowed;
 background-color: var(--n-color-disabled);
 `,[V(`base-selection-input`,`
 cursor: not-allowed;
 color: var(--n-text-color-disabled);
 `),E(`render-label`,`
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
 `,[E(`input`,`
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
 `),E(`mirror`,`
 position: absolute;
 left: 0;
 top: 0;
 white-space: pre;
 visibility: hidden;
 user-select: none;
 -webkit-user-select: none;
 opacity: 0;
 `)]),[`warning`,`error`].map(e=>B(`${e}-status`,[E(`state-border`,`border: var(--n-border-${e});`),I(`disabled`,[L(`&:hover`,[E(`state-border`,`
 box-shadow: var(--n-box-shadow-hover-${e});
 border: var(--n-border-hover-${e});
 `)]),B(`active`,[E(`state-border`,`
 box-shadow: var(--n-box-shadow-active-${e});
 border: var(--n-border-active-${e});
 `),V(`base-selection-label`,`background-color: var(--n-color-active-${e});`),V(`base-selection-tags`,`background-color: var(--n-color-active-${e});`)]),B(`focus`,[E(`state-border`,`
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
 `,[E(`content`,`
 line-height: 1.25;
 text-overflow: ellipsis;
 overflow: hidden;
 `)])])]),Tt=[`disabled`,`value`,`autofocus`,`onBlur`,`onFocus`,`onKeydown`,`onInput`,`onCompositionstart`,`onCompositionend`],Et=[`tabindex`],Dt=[`title`],Ot=[`value`,`readonly`,`disabled`,`autofocus`,`onFocus`,`onBlur`,`onInput`,`onCompositionstart`,`onCompositionend`],kt=[`tabindex`],At=[`onClick`,`onMouseenter`,`onMouseleave`,`onKeydown`,`onFocusin`,`onFocusout`,`onMousedown`],jt=Z({name:`InternalSelection`,props:{...R.props,clsPrefix:{type:String,required:!0},bordered:{type:Boolean,default:void 0},active:Boolean,pattern:{type:String,default:``},placeholder:String,selectedOption:{type:Object,default:null},selectedOptions:{type:Array,default:null},labelField:{type:String,default:`label`},valueField:{type:String,default:`value`},multiple:Boolean,filterable:Boolean,clearable:Boolean,disabled:Boolean,size:{type:String,default:`medium`},loading:Boolean,autofocus:Boolean,showArrow:{type:Boolean,default:!0},inputProps:Object,focused:Boolean,renderTag:Function,onKeydown:Function,onClick:Function,onBlur:Function,onFocus:Function,onDeleteOption:Function,maxTagCount:[String,Number],ellipsisTagPopoverProps:Object,onClear:Function,onPatternInput:Function,onPatternFocus:Function,onPatternBlur:Function,renderLabel:Function,status:String,inlineThemeDisabled:Boolean,ignoreComposition:{type:Boolean,default:!0},onResize:Function},setup(e){let{mergedClsPrefixRef:t,mergedRtlRef:n}=ne(e),r=se(`InternalSelection`,n,t),i=Y(null),a=Y(null),o=Y(null),s=Y(null),c=Y(null),l=Y(null),u=Y(null),d=Y(null),f=Y(null),p=Y(null),h=Y(!1),g=Y(!1),_=Y(!1),v=R(`InternalSelection`,`-internal-selection`,wt,m,e,q(e,`clsPrefix`)),y=K(()=>e.clearable&&!e.disabled&&(_.value||e.active)),x=K(()=>e.selectedOption?e.renderTag?e.renderTag({option:e.selectedOption,handleClose:()=>{}}):e.renderLabel?e.renderLabel(e.selectedOption,!0):b(e.selectedOption[e.labelField],e.selectedOption,!0):e.placeholder),S=K(()=>{let t=e.selectedOption;if(t)return t[e.labelField]}),C=K(()=>e.multiple?!!(Array.isArray(e.selectedOptions)&&e.selectedOptions.length):e.selectedOption!==null);function T(){let{value:t}=i;if(t){let{value:n}=a;n&&(n.style.width=`${t.offsetWidth}px`,e.maxTagCount!==`responsive`&&f.value?.sync({showAllItemsBeforeCalculate:!1}))}}function E(){let{value:e}=p;e&&(e.style.display=`none`)}function D(){let{value:e}=p;e&&(e.style.display=`inline-block`)}Se(q(e,`active`),e=>{e||E()}),Se(q(e,`pattern`),()=>{e.multiple&&he(T)});function ee(t){let{onFocus:n}=e;n&&n(t)}function k(t){let{onBlur:n}=e;n&&n(t)}function A(t){let{onDeleteOption:n}=e;n&&n(t)}function j(t){let{onClear:n}=e;n&&n(t)}function M(t){let{onPatternInput:n}=e;n&&n(t)}function N(e){e.relatedTarget&&o.value?.contains(e.relatedTarget)||ee(e)}function P(e){o.value?.contains(e.relatedTarget)||k(e)}function te(e){j(e)}function F(){_.value=!0}function I(){_.value=!1}function re(t){e.active&&e.filterable&&t.target!==a.value&&t.preventDefault()}function L(e){A(e)}let ie=Y(!1);function ae(t){if(t.key===`Backspace`&&!ie.value&&!e.pattern.length){let{selectedOptions:t}=e;t?.length&&L(t[t.length-1])}}let z=null;function oe(t){let{value:n}=i;n&&(n.textContent=t.target.value,T()),e.ignoreComposition&&ie.value?z=t:M(t)}function B(){ie.value=!0}function V(){ie.value=!1,e.ignoreComposition&&M(z),z=null}function ce(t){g.value=!0,e.onPatternFocus?.(t)}function le(t){g.value=!1,e.onPatternBlur?.(t)}function ue(){if(e.filterable)g.value=!1,l.value?.blur(),a.value?.blur();else if(e.multiple){let{value:e}=s;e?.blur()}else{let{value:e}=c;e?.blur()}}function de(){e.filterable?(g.value=!1,l.value?.focus()):e.multiple?s.value?.focus():c.value?.focus()}function H(){let{value:e}=a;e&&(D(),e.focus())}function fe(){let{value:e}=a;e&&e.blur()}function pe(e){let{value:t}=u;t&&t.setTextContent(`+${e}`)}function me(){let{value:e}=d;return e}function U(){return a.value}let W=null;function G(){W!==null&&window.clearTimeout(W)}function _e(){e.active||(G(),W=window.setTimeout(()=>{C.value&&(h.value=!0)},100))}function ve(){G()}function ye(e){e||(G(),h.value=!1)}Se(C,e=>{e||(h.value=!1)}),ge(()=>{xe(()=>{let t=l.value;t&&(e.disabled?t.removeAttribute(`tabindex`):t.tabIndex=g.value?-1:0)})}),st(o,e.onResize);let{inlineThemeDisabled:J}=e,be=K(()=>{let{size:t}=e,{common:{cubicBezierEaseInOut:n},self:{fontWeight:r,borderRadius:i,color:a,placeholderColor:o,textColor:s,paddingSingle:c,paddingMultiple:l,caretColor:u,colorDisabled:d,textColorDisabled:f,placeholderColorDisabled:p,colorActive:m,boxShadowFocus:h,boxShadowActive:g,boxShadowHover:_,border:y,borderFocus:b,borderHover:x,borderActive:S,arrowColor:C,arrowColorDisabled:w,loadingColor:T,colorActiveWarning:E,boxShadowFocusWarning:D,boxShadowActiveWarning:ee,boxShadowHoverWarning:k,borderWarning:A,borderFocusWarning:j,borderHoverWarning:M,borderActiveWarning:N,colorActiveError:P,boxShadowFocusError:te,boxShadowActiveError:F,boxShadowHoverError:I,borderError:ne,borderFocusError:re,borderHoverError:L,borderActiveError:ie,clearColor:R,clearColorHover:ae,clearColorPressed:z,clearSize:oe,arrowSize:B,[O(`height`,t)]:V,[O(`fontSize`,t)]:se}}=v.value,ce=ke(c),le=ke(l);return{"--n-bezier":n,"--n-border":y,"--n-border-active":S,"--n-border-focus":b,"--n-border-hover":x,"--n-border-radius":i,"--n-box-shadow-active":g,"--n-box-shadow-focus":h,"--n-box-shadow-hover":_,"--n-caret-color":u,"--n-color":a,"--n-color-active":m,"--n-color-disabled":d,"--n-font-size":se,"--n-height":V,"--n-padding-single-top":ce.top,"--n-padding-multiple-top":le.top,"--n-padding-single-right":ce.right,"--n-padding-multiple-right":le.right,"--n-padding-single-left":ce.left,"--n-padding-multiple-left":le.left,"--n-padding-single-bottom":ce.bottom,"--n-padding-multiple-bottom":le.bottom,"--n-placeholder-color":o,"--n-placeholder-color-disabled":p,"--n-text-color":s,"--n-text-color-disabled":f,"--n-arrow-color":C,"--n-arrow-color-disabled":w,"--n-loading-color":T,"--n-color-active-warning":E,"--n-box-shadow-focus-warning":D,"--n-box-shadow-active-warning":ee,"--n-box-shadow-hover-warning":k,"--n-border-warning":A,"--n-border-focus-warning":j,"--n-border-hover-warning":M,"--n-border-active-warning":N,"--n-color-active-error":P,"--n-box-shadow-focus-error":te,"--n-box-shadow-active-error":F,"--n-box-shadow-hover-error":I,"--n-border-error":ne,"--n-border-focus-error":re,"--n-border-hover-error":L,"--n-border-active-error":ie,"--n-clear-size":oe,"--n-clear-color":R,"--n-clear-color-hover":ae,"--n-clear-color-pressed":z,"--n-arrow-size":B,"--n-font-weight":r}}),X=J?w(`internal-selection`,K(()=>e.size[0]),be,e):void 0;return{mergedTheme:v,mergedClearable:y,mergedClsPrefix:t,rtlEnabled:r,patternInputFocused:g,filterablePlaceholder:x,label:S,selected:C,showTagsPanel:h,isComposing:ie,counterRef:u,counterWrapperRef:d,patternInputMirrorRef:i,patternInputRef:a,selfRef:o,multipleElRef:s,singleElRef:c,patternInputWrapperRef:l,overflowRef:f,inputTagElRef:p,handleMouseDown:re,handleFocusin:N,handleClear:te,handleMouseEnter:F,handleMouseLeave:I,handleDeleteOption:L,handlePatternKeyDown:ae,handlePatternInputInput:oe,handlePatternInputBlur:le,handlePatternInputFocus:ce,handleMouseEnterCounter:_e,handleMouseLeaveCounter:ve,handleFocusout:P,handleCompositionEnd:V,handleCompositionStart:B,onPopoverUpdateShow:ye,focus:de,focusInput:H,blur:ue,blurInput:fe,updateCounter:pe,getCounter:me,getTail:U,renderLabel:e.renderLabel,cssVars:J?void 0:be,themeClass:X?.themeClass,onRender:X?.onRender}},render(){let{status:e,multiple:t,size:n,disabled:r,filterable:i,maxTagCount:a,bordered:o,clsPrefix:c,ellipsisTagPopoverProps:l,onRender:u,renderTag:d,renderLabel:f}=this;u?.();let p=a===`responsive`,m=typeof a==`number`,h=p||m,g=(H(),G(Ne,null,{default:()=>(H(),G(le,{clsPrefix:c,loading:this.loading,showArrow:this.showArrow,showClear:this.mergedClearable&&this.selected,onClear:this.handleClear},{default:()=>this.$slots.arrow?.()},1032,[`clsPrefix`,`loading`,`showArrow`,`showClear`,`onClear`]))},1024)),_;if(t){let{labelField:e}=this,t=t=>(H(),Q(`div`,{class:M(`${c}-base-selection-tag-wrapper`),key:t.value},[d?(H(),Q(J,{key:0},[T(()=>d({option:t,handleClose:()=>{this.handleDeleteOption(t)}}))],64)):(H(),G(at,{key:1,size:n,closable:!t.disabled,disabled:r,onClose:()=>{this.handleDeleteOption(t)},internalCloseIsButtonTag:!1,internalCloseFocusable:!1},{default:()=>f?f(t,!0):b(t[e],t,!0)},1032,[`size`,`closable`,`disabled`,`onClose`]))],2)),o=()=>(m?this.selectedOptions.slice(0,a):this.selectedOptions).map(t),u=i?(H(),Q(`div`,{class:M(`${c}-base-selection-input-tag`),ref:`inputTagElRef`,key:`__input-tag__`},[$(`input`,U(this.inputProps,{ref:`patternInputRef`,tabindex:-1,disabled:r,value:this.pattern,autofocus:this.autofocus,class:`${c}-base-selection-input-tag__input`,onBlur:this.handlePatternInputBlur,onFocus:this.handlePatternInputFocus,onKeydown:this.handlePatternKeyDown,onInput:this.handlePatternInputInput,onCompositionstart:this.handleCompositionStart,onCompositionend:this.handleCompositionEnd}),null,16,Tt),$(`span`,{ref:`patternInputMirrorRef`,class:M(`${c}-base-selection-input-tag__mirror`)},[T(()=>this.pattern)],2)],2)):null,v=p?()=>(H(),Q(`div`,{class:M(`${c}-base-selection-tag-wrapper`),ref:`counterWrapperRef`},[(H(),G(at,{size:n,ref:`counterRef`,onMouseenter:this.handleMouseEnterCounter,onMouseleave:this.handleMouseLeaveCounter,disabled:r},null,8,[`size`,`onMouseenter`,`onMouseleave`,`disabled`]))],2)):void 0,y;if(m){let e=this.selectedOptions.length-a;e>0&&(y=(t=>(H(),Q(`div`,{class:M(`${c}-base-selection-tag-wrapper`),key:`__counter__`},[(H(),G(at,{size:n,ref:`counterRef`,onMouseenter:this.handleMouseEnterCounter,disabled:r},{default:()=>`+${e}`},1032,[`size`,`onMouseenter`,`disabled`]))],2)))(y))}let x=p?i?(H(),G(Ze,{key:3,ref:`overflowRef`,updateCounter:this.updateCounter,getCounter:this.getCounter,getTail:this.getTail,style:{width:`100%`,display:`flex`,overflow:`hidden`}},{default:o,counter:v,tail:()=>u},1032,[`updateCounter`,`getCounter`,`getTail`])):(H(),G(Ze,{key:4,ref:`overflowRef`,updateCounter:this.updateCounter,getCounter:this.getCounter,style:{width:`100%`,display:`flex`,overflow:`hidden`}},{default:o,counter:v},1032,[`updateCounter`,`getCounter`])):m&&y?o().concat(y):o(),S=h?()=>(H(),Q(`div`,{class:M(`${c}-base-selection-popover`)},[p?(H(),Q(J,{key:0},[T(()=>o())],64)):(H(),Q(J,{key:1},[T(()=>this.selectedOptions.map(t))],64))],2)):void 0,C=h?{show:this.showTagsPanel,trigger:`hover`,overlap:!0,placement:`top`,width:`trigger`,onUpdateShow:this.onPopoverUpdateShow,theme:this.mergedTheme.peers.Popover,themeOverrides:this.mergedTheme.peerOverrides.Popover,...l}:null,w=!this.selected&&(!this.active||!this.pattern&&!this.isComposing)?(H(),Q(`div`,{key:5,class:M(`${c}-base-selection-placeholder ${c}-base-selection-overlay`)},[$(`div`,{class:M(`${c}-base-selection-placeholder__inner`)},[T(()=>this.placeholder)],2)],2)):null,E=i?(H(),Q(`div`,{key:6,ref:`patternInputWrapperRef`,class:M(`${c}-base-selection-tags`)},[T(()=>x),p?T(()=>null):(H(),Q(J,{key:1},[T(()=>u)],64)),T(()=>g)],2)):(H(),Q(`div`,{key:7,ref:`multipleElRef`,class:M(`${c}-base-selection-tags`),tabindex:r?void 0:0},[T(()=>x),T(()=>g)],10,Et));_=(e=>(H(),Q(J,{key:8},[h?(H(),G(s,U({key:0},C,{scrollable:!0,style:`max-height: calc(var(--v-target-height) * 6.6);`}),{trigger:()=>E,default:S},1040)):(H(),Q(J,{key:1},[T(()=>E)],64)),T(()=>w)],64)))(_)}else if(i){let e=this.pattern||this.isComposing,t=this.active?!e:!this.selected,n=!this.active&&this.selected;_=(e=>(H(),Q(`div`,{key:9,ref:`patternInputWrapperRef`,class:M(`${c}-base-selection-label`),title:this.patternInputFocused?void 0:ot(this.label)},[$(`input`,U(this.inputProps,{ref:`patternInputRef`,class:`${c}-base-selection-input`,value:this.active?this.pattern:``,placeholder:``,readonly:r,disabled:r,tabindex:-1,autofocus:this.autofocus,onFocus:this.handlePatternInputFocus,onBlur:this.handlePatternInputBlur,onInput:this.handlePatternInputInput,onCompositionstart:this.handleCompositionStart,onCompositionend:this.handleCompositionEnd}),null,16,Ot),n?(H(),Q(`div`,{class:M(`${c}-base-selection-label__render-label ${c}-base-selection-overlay`),key:`input`},[$(`div`,{class:M(`${c}-base-selection-overlay__wrapper`)},[d?(H(),Q(J,{key:0},[T(()=>d({option:this.selectedOption,handleClose:()=>{}}))],64)):(H(),Q(J,{key:1},[f?(H(),Q(J,{key:0},[T(()=>f(this.selectedOption,!0))],64)):(H(),Q(J,{key:1},[T(()=>b(this.label,this.selectedOption,!0))],64))],64))],2)],2)):T(()=>null),t?(H(),Q(`div`,{class:M(`${c}-base-selection-placeholder ${c}-base-selection-overlay`),key:`placeholder`},[$(`div`,{class:M(`${c}-base-selection-overlay__wrapper`)},[T(()=>this.filterablePlaceholder)],2)],2)):T(()=>null),T(()=>g)],10,Dt)))(_)}else _=(e=>(H(),Q(`div`,{key:10,ref:`singleElRef`,class:M(`${c}-base-selection-label`),tabindex:this.disabled?void 0:0},[this.label===void 0?(H(),Q(`div`,{class:M(`${c}-base-selection-placeholder ${c}-base-selection-overlay`),key:`placeholder`},[$(`div`,{class:M(`${c}-base-selection-placeholder__inner`)},[T(()=>this.placeholder)],2)],2)):(H(),Q(`div`,{class:M(`${c}-base-selection-input`),title:ot(this.label),key:`input`},[$(`div`,{class:M(`${c}-base-selection-input__content`)},[d?(H(),Q(J,{key:0},[T(()=>d({option:this.selectedOption,handleClose:()=>{}}))],64)):(H(),Q(J,{key:1},[f?(H(),Q(J,{key:0},[T(()=>f(this.selectedOption,!0))],64)):(H(),Q(J,{key:1},[T(()=>b(this.label,this.selectedOption,!0))],64))],64))],2)],10,[`title`])),T(()=>g)],10,kt)))(_);return H(),Q(`div`,{ref:`selfRef`,class:M([`${c}-base-selection`,this.rtlEnabled&&`${c}-base-selection--rtl`,this.themeClass,e&&`${c}-base-selection--${e}-status`,{[`${c}-base-selection--active`]:this.active,[`${c}-base-selection--selected`]:this.selected||this.active&&this.pattern,[`${c}-base-selection--disabled`]:this.disabled,[`${c}-base-selection--multiple`]:this.multiple,[`${c}-base-selection--focus`]:this.focused}]),style:de(this.cssVars),onClick:this.onClick,onMouseenter:this.handleMouseEnter,onMouseleave:this.handleMouseLeave,onKeydown:this.onKeydown,onFocusin:this.handleFocusin,onFocusout:this.handleFocusout,onMousedown:this.handleMouseDown},[T(()=>_),o?(H(),Q(`div`,{key:0,class:M(`${c}-base-selection__border`)},null,2)):T(()=>null),o?(H(),Q(`div`,{key:2,class:M(`${c}-base-selection__state-border`)},null,2)):T(()=>null)],46,At)}}),Mt=L([V(`select`,`
 z-index: auto;
 outline: none;
 width: 100%;
 position: relative;
 font-weight: var(--n-font-weight);
 `),V(`select-menu`,`
 margin: 4px 0;
 box-shadow: var(--n-menu-box-shadow);
 `,[C({originalTransition:`background-color .3s var(--n-bezier), box-shadow .3s var(--n-bezier)`})])]),Nt={...R.props,to:i.propTo,bordered:{type:Boolean,default:void 0},clearable:Boolean,clearCreatedOptionsOnClear:{type:Boolean,default:!0},clearFilterAfterSelect:{type:Boolean,default:!0},options:{type:Array,default:()=>[]},defaultValue:{type:[String,Number,Array],default:null},keyboard:{type:Boolean,default:!0},value:[String,Number,Array],placeholder:String,menuProps:Object,multiple:Boolean,size:String,menuSize:{type:String},filterable:Boolean,disabled:{type:Boolean,default:void 0},remote:Boolean,loading:Boolean,filter:Function,placement:{type:String,default:`bottom-start`},widthMode:{type:String,default:`trigger`},tag:Boolean,onCreate:Function,fallbackOption:{type:[Function,Boolean],default:void 0},show:{type:Boolean,default:void 0},showArrow:{type:Boolean,default:!0},maxTagCount:[Number,String],ellipsisTagPopoverProps:Object,consistentMenuWidth:{type:Boolean,default:!0},virtualScroll:{type:Boolean,default:!0},labelField:{type:String,default:`label`},valueField:{type:String,default:`value`},childrenField:{type:String,default:`children`},renderLabel:Function,renderOption:Function,renderTag:Function,"onUpdate:value":[Function,Array],inputProps:Object,nodeProps:Function,ignoreComposition:{type:Boolean,default:!0},showOnFocus:Boolean,onUpdateValue:[Function,Array],onBlur:[Function,Array],onClear:[Function,Array],onFocus:[Function,Array],onScroll:[Function,Array],onSearch:[Function,Array],onUpdateShow:[Function,Array],"onUpdate:show":[Function,Array],displayDirective:{type:String,default:`show`},resetMenuOnOptionsChange:{type:Boolean,default:!0},status:String,showCheckmark:{type:Boolean,default:!0},scrollbarProps:Object,onChange:[Function,Array],items:Array},Pt=Z({name:`Select`,props:Nt,slots:Object,setup(e){let{mergedClsPrefixRef:n,mergedBorderedRef:r,namespaceRef:a,inlineThemeDisabled:o,mergedComponentPropsRef:s}=ne(e),c=R(`Select`,`-select`,Mt,g,e,n),l=Y(e.defaultValue),u=q(e,`value`),f=Ee(u,l),p=Y(!1),m=Y(``),h=_(e,[`items`,`options`]),v=Y([]),y=Y([]),b=K(()=>y.value.concat(v.value).concat(h.value)),x=K(()=>{let{filter:t}=e;if(t)return t;let{labelField:n,valueField:r}=e;return(e,t)=>{if(!t)return!1;let i=t[n];if(typeof i==`string`)return bt(e,i);let a=t[r];return typeof a==`string`?bt(e,a):typeof a==`number`&&bt(e,String(a))}}),C=K(()=>{if(e.remote)return h.value;{let{value:t}=b,{value:n}=m;return!n.length||!e.filterable?t:St(t,x.value,n,e.childrenField)}}),T=K(()=>{let{valueField:t,childrenField:n}=e,r=xt(t,n);return d(C.value,r)}),E=K(()=>Ct(b.value,e.valueField,e.childrenField)),D=Y(!1),O=Ee(q(e,`show`),D),k=Y(null),A=Y(null),j=Y(null),{localeRef:M}=ce(`Select`),N=K(()=>e.placeholder??M.value.placeholder),P=[],te=Y(new Map),I=K(()=>{let{fallbackOption:t}=e;if(t===void 0){let{labelField:t,valueField:n}=e;return e=>({[t]:String(e),[n]:e})}return t===!1?!1:e=>Object.assign(t(e),{value:e})});function L(t){let n=e.remote,{value:r}=te,{value:i}=E,{value:a}=I,o=[];return t.forEach(e=>{if(i.has(e))o.push(i.get(e));else if(n&&r.has(e))o.push(r.get(e));else if(a){let t=a(e);t&&o.push(t)}}),o}let ie=K(()=>{if(e.multiple){let{value:e}=f;return Array.isArray(e)?L(e):[]}return null}),ae=K(()=>{let{value:t}=f;return!e.multiple&&!Array.isArray(t)?t===null?null:L([t])[0]||null:null}),z=re(e,{mergedSize:t=>{let{size:n}=e;if(n)return n;let{mergedSize:r}=t||{};return r?.value?r.value:s?.value?.Select?.size||`medium`}}),{mergedSizeRef:oe,mergedDisabledRef:B,mergedStatusRef:V}=z;function se(t,n){let{onChange:r,"onUpdate:value":i,onUpdateValue:a}=e,{nTriggerFormChange:o,nTriggerFormInput:s}=z;r&&F(r,t,n),a&&F(a,t,n),i&&F(i,t,n),l.value=t,o(),s()}function le(t){let{onBlur:n}=e,{nTriggerFormBlur:r}=z;n&&F(n,t),r()}function ue(){let{onClear:t}=e;t&&F(t)}function de(t){let{onFocus:n,showOnFocus:r}=e,{nTriggerFormFocus:i}=z;n&&F(n,t),i(),r&&U()}function H(t){let{onSearch:n}=e;n&&F(n,t)}function fe(t){let{onScroll:n}=e;n&&F(n,t)}function pe(){let{remote:t,multiple:n}=e;if(t){let{value:t}=te;if(n){let{valueField:n}=e;ie.value?.forEach(e=>{t.set(e[n],e)})}else{let n=ae.value;n&&t.set(n[e.valueField],n)}}}function me(t){let{onUpdateShow:n,"onUpdate:show":r}=e;n&&F(n,t),r&&F(r,t),D.value=t}function U(){B.value||(me(!0),D.value=!0,e.filterable&&Ne())}function W(){me(!1)}function he(){m.value=``,y.value=P}let G=Y(!1);function ge(){e.filterable&&(G.value=!0)}function _e(){e.filterable&&(G.value=!1,O.value||he())}function ve(){B.value||(O.value?e.filterable?Ne():W():U())}function ye(e){j.value?.selfRef?.contains(e.relatedTarget)||(p.value=!1,le(e),W())}function J(e){de(e),p.value=!0}function be(){p.value=!0}function X(e){k.value?.$el.contains(e.relatedTarget)||(p.value=!1,le(e),W())}function Z(){k.value?.focus(),W()}function xe(e){O.value&&(k.value?.$el.contains(we(e))||W())}function Q(t){if(!Array.isArray(t))return[];if(I.value)return Array.from(t);{let{remote:n}=e,{value:r}=E;if(n){let{value:e}=te;return t.filter(t=>r.has(t)||e.has(t))}return t.filter(e=>r.has(e))}}function $(e){Ce(e.rawNode)}function Ce(t){if(B.value)return;let{tag:n,remote:r,clearFilterAfterSelect:i,valueField:a}=e;if(n&&!r){let{value:e}=y,t=e[0]||null;if(t){let e=v.value;e.length?e.push(t):v.value=[t],y.value=P}}if(r&&te.value.set(t[a],t),e.multiple){let e=Q(f.value),o=e.findIndex(e=>e===t[a]);if(~o){if(e.splice(o,1),n&&!r){let e=Te(t[a]);~e&&(v.value.splice(e,1),i&&(m.value=``))}}else e.push(t[a]),i&&(m.value=``);se(e,L(e))}else{if(n&&!r){let e=Te(t[a]);~e?v.value=[v.value[e]]:v.value=P}Me(),W(),se(t[a],t)}}function Te(t){return v.value.findIndex(n=>n[e.valueField]===t)}function De(t){O.value||U();let{value:n}=t.target;m.value=n;let{tag:r,remote:i}=e;if(H(n),r&&!i){if(!n){y.value=P;return}let{onCreate:t}=e,r=t?t(n):{[e.labelField]:n,[e.valueField]:n},{valueField:i,labelField:a}=e;h.value.some(e=>e[i]===r[i]||e[a]===r[a])||v.value.some(e=>e[i]===r[i]||e[a]===r[a])?y.value=P:y.value=[r]}}function Oe(t){t.stopPropagation();let{multiple:n,tag:r,remote:i,clearCreatedOptionsOnClear:a}=e;!n&&e.filterable&&W(),r&&!i&&a&&(v.value=P),ue(),n?se([],[]):se(null,null)}function ke(e){t(e,`action`)||t(e,`empty`)||t(e,`header`)||e.preventDefault()}function Ae(e){fe(e)}function je(t){if(!e.keyboard)t.preventDefault();else switch(t.key){case` `:if(e.filterable)break;t.preventDefault();case`Enter`:if(!k.value?.isComposing){if(O.value){let t=j.value?.getPendingTmNode();t?$(t):e.filterable||(W(),Me())}else if(U(),e.tag&&G.value){let t=y.value[0];if(t){let n=t[e.valueField],{value:r}=f;e.multiple&&Array.isArray(r)&&r.includes(n)||Ce(t)}}}t.preventDefault();break;case`ArrowUp`:if(t.preventDefault(),e.loading)return;O.value&&j.value?.prev();break;case`ArrowDown`:if(t.preventDefault(),e.loading)return;O.value?j.value?.next():U();break;case`Escape`:O.value&&(S(t),W()),k.value?.focus()}}function Me(){k.value?.focus()}function Ne(){k.value?.focusInput()}function Pe(){O.value&&A.value?.syncPosition()}pe(),Se(q(e,`options`),pe);let Fe={focus:()=>{k.value?.focus()},focusInput:()=>{k.value?.focusInput()},blur:()=>{k.value?.blur()},blurInput:()=>{k.value?.blurInput()}},Ie=K(()=>{let{self:{menuBoxShadow:e}}=c.value;return{"--n-menu-box-shadow":e}}),Le=o?w(`select`,void 0,Ie,e):void 0;return{...Fe,mergedStatus:V,mergedClsPrefix:n,mergedBordered:r,namespace:a,treeMate:T,isMounted:ee(),triggerRef:k,menuRef:j,pattern:m,uncontrolledShow:D,mergedShow:O,adjustedTo:i(e),uncontrolledValue:l,mergedValue:f,followerRef:A,localizedPlaceholder:N,selectedOption:ae,selectedOptions:ie,mergedSize:oe,mergedDisabled:B,focused:p,activeWithoutMenuOpen:G,inlineThemeDisabled:o,onTriggerInputFocus:ge,onTriggerInputBlur:_e,handleTriggerOrMenuResize:Pe,handleMenuFocus:be,handleMenuBlur:X,handleMenuTabOut:Z,handleTriggerClick:ve,handleToggle:$,handleDeleteOption:Ce,handlePatternInput:De,handleClear:Oe,handleTriggerBlur:ye,handleTriggerFocus:J,handleKeydown:je,handleMenuAfterLeave:he,handleMenuClickOutside:xe,handleMenuScroll:Ae,handleMenuKeydown:je,handleMenuMousedown:ke,mergedTheme:c,cssVars:o?void 0:Ie,themeClass:Le?.themeClass,onRender:Le?.onRender}},render(){return H(),Q(`div`,{class:M(`${this.mergedClsPrefix}-select`)},[ue(u,null,{_:1,default:P(()=>[(H(),G(f,null,{_:1,default:P(()=>(H(),G(jt,{ref:`triggerRef`,inlineThemeDisabled:this.inlineThemeDisabled,status:this.mergedStatus,inputProps:this.inputProps,clsPrefix:this.mergedClsPrefix,showArrow:this.showArrow,maxTagCount:this.maxTagCount,ellipsisTagPopoverProps:this.ellipsisTagPopoverProps,bordered:this.mergedBordered,active:this.activeWithoutMenuOpen||this.mergedShow,pattern:this.pattern,placeholder:this.localizedPlaceholder,selectedOption:this.selectedOption,selectedOptions:this.selectedOptions,multiple:this.multiple,renderTag:this.renderTag,renderLabel:this.renderLabel,filterable:this.filterable,clearable:this.clearable,disabled:this.mergedDisabled,size:this.mergedSize,theme:this.mergedTheme.peers.InternalSelection,labelField:this.labelField,valueField:this.valueField,themeOverrides:this.mergedTheme.peerOverrides.InternalSelection,loading:this.loading,focused:this.focused,onClick:this.handleTriggerClick,onDeleteOption:this.handleDeleteOption,onPatternInput:this.handlePatternInput,onClear:this.handleClear,onBlur:this.handleTriggerBlur,onFocus:this.handleTriggerFocus,onKeydown:this.handleKeydown,onPatternBlur:this.onTriggerInputBlur,onPatternFocus:this.onTriggerInputFocus,onResize:this.handleTriggerOrMenuResize,ignoreComposition:this.ignoreComposition},{_:1,arrow:P(()=>[this.$slots.arrow?.()])},8,`inlineThemeDisabled.status.inputProps.clsPrefix.showArrow.maxTagCount.ellipsisTagPopoverProps.bordered.active.pattern.placeholder.selectedOption.selectedOptions.multiple.renderTag.renderLabel.filterable.clearable.disabled.size.theme.labelField.valueField.themeOverrides.loading.focused.onClick.onDeleteOption.onPatternInput.onClear.onBlur.onFocus.onKeydown.onPatternBlur.onPatternFocus.onResize.ignoreComposition`.split(`.`))))})),(H(),G(c,{ref:`followerRef`,show:this.mergedShow,to:this.adjustedTo,teleportDisabled:this.adjustedTo===i.tdkey,containerClass:this.namespace,width:this.consistentMenuWidth?`target`:void 0,minWidth:`target`,placement:this.placement},{_:1,default:P(()=>(H(),G(ve,{name:`fade-in-scale-up-transition`,appear:this.isMounted,onAfterLeave:this.handleMenuAfterLeave},{_:1,default:P(()=>this.mergedShow||this.displayDirective===`show`?(this.onRender?.(),be((H(),G(_t,U(this.menuProps,{ref:`menuRef`,onResize:this.handleTriggerOrMenuResize,inlineThemeDisabled:this.inlineThemeDisabled,virtualScroll:this.consistentMenuWidth&&this.virtualScroll,class:[`${this.mergedClsPrefix}-select-menu`,this.themeClass,this.menuProps?.class],clsPrefix:this.mergedClsPrefix,focusable:!0,labelField:this.labelField,valueField:this.valueField,autoPending:!0,nodeProps:this.nodeProps,theme:this.mergedTheme.peers.InternalSelectMenu,themeOverrides:this.mergedTheme.peerOverrides.InternalSelectMenu,treeMate:this.treeMate,multiple:this.multiple,size:this.menuSize,renderOption:this.renderOption,renderLabel:this.renderLabel,value:this.mergedValue,style:[this.menuProps?.style,this.cssVars],onToggle:this.handleToggle,onScroll:this.handleMenuScroll,onFocus:this.handleMenuFocus,onBlur:this.handleMenuBlur,onKeydown:this.handleMenuKeydown,onTabOut:this.handleMenuTabOut,onMousedown:this.handleMenuMousedown,show:this.mergedShow,showCheckmark:this.showCheckmark,resetMenuOnOptionsChange:this.resetMenuOnOptionsChange,scrollbarProps:this.scrollbarProps}),{_:1,empty:P(()=>[this.$slots.empty?.()]),header:P(()=>[this.$slots.header?.()]),action:P(()=>[this.$slots.action?.()])},16,`onResize.inlineThemeDisabled.virtualScroll.class.clsPrefix.labelField.valueField.nodeProps.theme.themeOverrides.treeMate.multiple.size.renderOption.renderLabel.value.style.onToggle.onScroll.onFocus.onBlur.onKeydown.onTabOut.onMousedown.show.showCheckmark.resetMenuOnOptionsChange.scrollbarProps`.split(`.`))),this.displayDirective===`show`?[[ye,this.mergedShow],[x,this.handleMenuClickOutside,void 0,{capture:!0}]]:[[x,this.handleMenuClickOutside,void 0,{capture:!0}]])):null)},8,[`appear`,`onAfterLeave`])))},8,[`show`,`to`,`teleportDisabled`,`containerClass`,`width`,`placement`]))])})],2)}});export{Pt as t};