import{_ as e,a as t,b as n,c as r,f as i,g as a,h as o,i as s,l as c,m as l,o as u,r as d,s as f,t as p,v as m,x as h,y as g}from"./event-Ns2b9bE_.js";import{A as _,B as v,Ct as y,Dt as b,E as x,Et as S,I as C,K as w,L as T,O as E,Ot as D,S as O,T as k,W as A,b as j,bt as M,j as ee,k as N,l as te,p as ne,q as re,u as ie,w as P,wt as F,xt as I,y as ae,yt as oe,z as se}from"./http-ChLz1mEL.js";import{B as ce,Et as L,G as R,K as le,L as z,N as ue,R as de,S as B,Tt as fe,U as pe,V,W as me,a as he,b as H,bt as U,f as ge,g as _e,ht as W,it as ve,k as G,mt as K,rt as ye,tt as q,w as J,x as Y,y as be}from"./Icon-8WQVztV6.js";import{_ as xe,d as Se,f as Ce,h as we,l as X,n as Te,o as Ee,t as De,u as Z}from"./replaceable-K99mrC08.js";function Oe(e){return Object.keys(e)}var ke=W(null);function Ae(e){if(e.clientX>0||e.clientY>0)ke.value={x:e.clientX,y:e.clientY};else{let{target:t}=e;if(t instanceof Element){let{left:e,top:n,width:r,height:i}=t.getBoundingClientRect();ke.value=e>0||n>0?{x:e+r/2,y:n+i/2}:{x:0,y:0}}else ke.value=null}}var je=0,Me=!0;function Ne(){if(!a)return K(W(null));je===0&&Z(`click`,document,Ae,!0);let e=()=>{je+=1};return(Me&&=o())?(ce(e),V(()=>{--je,je===0&&X(`click`,document,Ae,!0)})):e(),K(ke)}var Pe=W(void 0),Fe=0;function Ie(){Pe.value=Date.now()}var Le=!0;function Re(e){if(!a)return K(W(!1));let t=W(!1),n=null;function r(){n!==null&&window.clearTimeout(n)}function i(){r(),t.value=!0,n=window.setTimeout(()=>{t.value=!1},e)}Fe===0&&Z(`click`,window,Ie,!0);let s=()=>{Fe+=1,Z(`click`,window,i,!0)};return(Le&&=o())?(ce(s),V(()=>{--Fe,Fe===0&&X(`click`,window,Ie,!0),X(`click`,window,i,!0),r()})):s(),K(t)}var ze=De(`error`,()=>(()=>{let e=C(`550229f72e94547c`);return e[0]||=Y(`svg`,{viewBox:`0 0 48 48`,version:`1.1`,xmlns:`http://www.w3.org/2000/svg`},[Y(`g`,{stroke:`none`,"stroke-width":`1`,"fill-rule":`evenodd`},[Y(`g`,{"fill-rule":`nonzero`},[Y(`path`,{d:`M24,4 C35.045695,4 44,12.954305 44,24 C44,35.045695 35.045695,44 24,44 C12.954305,44 4,35.045695 4,24 C4,12.954305 12.954305,4 24,4 Z M17.8838835,16.1161165 L17.7823881,16.0249942 C17.3266086,15.6583353 16.6733914,15.6583353 16.2176119,16.0249942 L16.1161165,16.1161165 L16.0249942,16.2176119 C15.6583353,16.6733914 15.6583353,17.3266086 16.0249942,17.7823881 L16.1161165,17.8838835 L22.233,24 L16.1161165,30.1161165 L16.0249942,30.2176119 C15.6583353,30.6733914 15.6583353,31.3266086 16.0249942,31.7823881 L16.1161165,31.8838835 L16.2176119,31.9750058 C16.6733914,32.3416647 17.3266086,32.3416647 17.7823881,31.9750058 L17.8838835,31.8838835 L24,25.767 L30.1161165,31.8838835 L30.2176119,31.9750058 C30.6733914,32.3416647 31.3266086,32.3416647 31.7823881,31.9750058 L31.8838835,31.8838835 L31.9750058,31.7823881 C32.3416647,31.3266086 32.3416647,30.6733914 31.9750058,30.2176119 L31.8838835,30.1161165 L25.767,24 L31.8838835,17.8838835 L31.9750058,17.7823881 C32.3416647,17.3266086 32.3416647,16.6733914 31.9750058,16.2176119 L31.8838835,16.1161165 L31.7823881,16.0249942 C31.3266086,15.6583353 30.6733914,15.6583353 30.2176119,16.0249942 L30.1161165,16.1161165 L24,22.233 L17.8838835,16.1161165 L17.7823881,16.0249942 L17.8838835,16.1161165 Z`})])])],-1)})()),Be=De(`info`,()=>(()=>{let e=C(`1d7d3032c5ab60`);return e[0]||=Y(`svg`,{viewBox:`0 0 28 28`,version:`1.1`,xmlns:`http://www.w3.org/2000/svg`},[Y(`g`,{stroke:`none`,"stroke-width":`1`,"fill-rule":`evenodd`},[Y(`g`,{"fill-rule":`nonzero`},[Y(`path`,{d:`M14,2 C20.6274,2 26,7.37258 26,14 C26,20.6274 20.6274,26 14,26 C7.37258,26 2,20.6274 2,14 C2,7.37258 7.37258,2 14,2 Z M14,11 C13.4477,11 13,11.4477 13,12 L13,12 L13,20 C13,20.5523 13.4477,21 14,21 C14.5523,21 15,20.5523 15,20 L15,20 L15,12 C15,11.4477 14.5523,11 14,11 Z M14,6.75 C13.3096,6.75 12.75,7.30964 12.75,8 C12.75,8.69036 13.3096,9.25 14,9.25 C14.6904,9.25 15.25,8.69036 15.25,8 C15.25,7.30964 14.6904,6.75 14,6.75 Z`})])])],-1)})()),Ve=De(`success`,()=>(()=>{let e=C(`2d4548faff86b4af`);return e[0]||=Y(`svg`,{viewBox:`0 0 48 48`,version:`1.1`,xmlns:`http://www.w3.org/2000/svg`},[Y(`g`,{stroke:`none`,"stroke-width":`1`,"fill-rule":`evenodd`},[Y(`g`,{"fill-rule":`nonzero`},[Y(`path`,{d:`M24,4 C35.045695,4 44,12.954305 44,24 C44,35.045695 35.045695,44 24,44 C12.954305,44 4,35.045695 4,24 C4,12.954305 12.954305,4 24,4 Z M32.6338835,17.6161165 C32.1782718,17.1605048 31.4584514,17.1301307 30.9676119,17.5249942 L30.8661165,17.6161165 L20.75,27.732233 L17.1338835,24.1161165 C16.6457281,23.6279612 15.8542719,23.6279612 15.3661165,24.1161165 C14.9105048,24.5717282 14.8801307,25.2915486 15.2749942,25.7823881 L15.3661165,25.8838835 L19.8661165,30.3838835 C20.3217282,30.8394952 21.0415486,30.8698693 21.5323881,30.4750058 L21.6338835,30.3838835 L32.6338835,19.3838835 C33.1220388,18.8957281 33.1220388,18.1042719 32.6338835,17.6161165 Z`})])])],-1)})()),He=De(`warning`,()=>(()=>{let e=C(`eb9505c3181fdf04`);return e[0]||=Y(`svg`,{viewBox:`0 0 24 24`,version:`1.1`,xmlns:`http://www.w3.org/2000/svg`},[Y(`g`,{stroke:`none`,"stroke-width":`1`,"fill-rule":`evenodd`},[Y(`g`,{"fill-rule":`nonzero`},[Y(`path`,{d:`M12,2 C17.523,2 22,6.478 22,12 C22,17.522 17.523,22 12,22 C6.477,22 2,17.522 2,12 C2,6.478 6.477,2 12,2 Z M12.0018002,15.0037242 C11.450254,15.0037242 11.0031376,15.4508407 11.0031376,16.0023869 C11.0031376,16.553933 11.450254,17.0010495 12.0018002,17.0010495 C12.5533463,17.0010495 13.0004628,16.553933 13.0004628,16.0023869 C13.0004628,15.4508407 12.5533463,15.0037242 12.0018002,15.0037242 Z M11.99964,7 C11.4868042,7.00018474 11.0642719,7.38637706 11.0066858,7.8837365 L11,8.00036004 L11.0018003,13.0012393 L11.00857,13.117858 C11.0665141,13.6151758 11.4893244,14.0010638 12.0021602,14.0008793 C12.514996,14.0006946 12.9375283,13.6145023 12.9951144,13.1171428 L13.0018002,13.0005193 L13,7.99964009 L12.9932303,7.8830214 C12.9352861,7.38570354 12.5124758,6.99981552 11.99964,7 Z`})])])],-1)})()),Q=0,Ue=``,We=``,Ge=``,Ke=``,qe=W(`0px`);function Je(e){if(typeof document>`u`)return;let t=document.documentElement,n,r=!1,i=()=>{t.style.marginRight=Ue,t.style.overflow=We,t.style.overflowX=Ge,t.style.overflowY=Ke,qe.value=`0px`};pe(()=>{n=q(e,e=>{if(e){if(!Q){let e=window.innerWidth-t.offsetWidth;e>0&&(Ue=t.style.marginRight,t.style.marginRight=`${e}px`,qe.value=`${e}px`),We=t.style.overflow,Ge=t.style.overflowX,Ke=t.style.overflowY,t.style.overflow=`hidden`,t.style.overflowX=`hidden`,t.style.overflowY=`hidden`}r=!0,Q++}else Q--,Q||i(),r=!1},{immediate:!0})}),V(()=>{n?.(),r&&=(Q--,Q||i(),!1)})}var Ye={paddingSmall:`12px 16px 12px`,paddingMedium:`19px 24px 20px`,paddingLarge:`23px 32px 24px`,paddingHuge:`27px 40px 28px`,titleFontSizeSmall:`16px`,titleFontSizeMedium:`18px`,titleFontSizeLarge:`18px`,titleFontSizeHuge:`18px`,closeIconSize:`18px`,closeSize:`22px`};function Xe(e){let{primaryColor:t,borderRadius:n,lineHeight:r,fontSize:i,cardColor:a,textColor2:o,textColor1:s,dividerColor:c,fontWeightStrong:l,closeIconColor:u,closeIconColorHover:d,closeIconColorPressed:f,closeColorHover:p,closeColorPressed:m,modalColor:h,boxShadow1:g,popoverColor:_,actionColor:v}=e;return{...Ye,lineHeight:r,color:a,colorModal:h,colorPopover:_,colorTarget:t,colorEmbedded:v,colorEmbeddedModal:v,colorEmbeddedPopover:v,textColor:o,titleTextColor:s,borderColor:c,actionColor:v,titleFontWeight:l,closeColorHover:p,closeColorPressed:m,closeBorderRadius:n,closeIconColor:u,closeIconColorHover:d,closeIconColorPressed:f,fontSizeSmall:i,fontSizeMedium:i,fontSizeLarge:i,fontSizeHuge:i,boxShadow:g,borderRadius:n}}var Ze={name:`Card`,common:ee,self:Xe},Qe=I(`card-content`,`
 flex: 1;
 min-width: 0;
 box-sizing: border-box;
 padding: 0 var(--n-padding-left) var(--n-padding-bottom) var(--n-padding-left);
 font-size: var(--n-font-size);
`),$e=M([I(`card`,`
 font-size: var(--n-font-size);
 line-height: var(--n-line-height);
 display: flex;
 flex-direction: column;
 width: 100%;
 box-sizing: border-box;
 position: relative;
 border-radius: var(--n-border-radius);
 background-color: var(--n-color);
 color: var(--n-text-color);
 word-break: break-word;
 transition: 
 color .3s var(--n-bezier),
 background-color .3s var(--n-bezier),
 box-shadow .3s var(--n-bezier),
 border-color .3s var(--n-bezier);
 `,[oe({background:`var(--n-color-modal)`}),F(`hoverable`,[M(`&:hover`,`box-shadow: var(--n-box-shadow);`)]),F(`content-segmented`,[M(`>`,[I(`card-content`,`
 padding-top: var(--n-padding-bottom);
 `),y(`content-scrollbar`,[M(`>`,[I(`scrollbar-container`,[M(`>`,[I(`card-content`,`
 padding-top: var(--n-padding-bottom);
 `)])])])])])]),F(`content-soft-segmented`,[M(`>`,[I(`card-content`,`
 margin: 0 var(--n-padding-left);
 padding: var(--n-padding-bottom) 0;
 `),y(`content-scrollbar`,[M(`>`,[I(`scrollbar-container`,[M(`>`,[I(`card-content`,`
 margin: 0 var(--n-padding-left);
 padding: var(--n-padding-bottom) 0;
 `)])])])])])]),F(`footer-segmented`,[M(`>`,[y(`footer`,`
 padding-top: var(--n-padding-bottom);
 `)])]),F(`footer-soft-segmented`,[M(`>`,[y(`footer`,`
 padding: var(--n-padding-bottom) 0;
 margin: 0 var(--n-padding-left);
 `)])]),M(`>`,[I(`card-header`,`
 box-sizing: border-box;
 display: flex;
 align-items: center;
 font-size: var(--n-title-font-size);
 padding:
 var(--n-padding-top)
 var(--n-padding-left)
 var(--n-padding-bottom)
 var(--n-padding-left);
 `,[y(`main`,`
 font-weight: var(--n-title-font-weight);
 transition: color .3s var(--n-bezier);
 flex: 1;
 min-width: 0;
 color: var(--n-title-text-color);
 `),y(`extra`,`
 display: flex;
 align-items: center;
 font-size: var(--n-font-size);
 font-weight: 400;
 transition: color .3s var(--n-bezier);
 color: var(--n-text-color);
 `),y(`close`,`
 margin: 0 0 0 8px;
 transition:
 background-color .3s var(--n-bezier),
 color .3s var(--n-bezier);
 `)]),y(`action`,`
 box-sizing: border-box;
 transition:
 background-color .3s var(--n-bezier),
 border-color .3s var(--n-bezier);
 background-clip: padding-box;
 background-color: var(--n-action-color);
 `),Qe,I(`card-content`,[M(`&:first-child`,`
 padding-top: var(--n-padding-bottom);
 `)]),y(`content-scrollbar`,`
 display: flex;
 flex-direction: column;
 `,[M(`>`,[I(`scrollbar-container`,[M(`>`,[Qe])])]),M(`&:first-child >`,[I(`scrollbar-container`,[M(`>`,[I(`card-content`,`
 padding-top: var(--n-padding-bottom);
 `)])])])]),y(`footer`,`
 box-sizing: border-box;
 padding: 0 var(--n-padding-left) var(--n-padding-bottom) var(--n-padding-left);
 font-size: var(--n-font-size);
 `,[M(`&:first-child`,`
 padding-top: var(--n-padding-bottom);
 `)]),y(`action`,`
 background-color: var(--n-action-color);
 padding: var(--n-padding-bottom) var(--n-padding-left);
 border-bottom-left-radius: var(--n-border-radius);
 border-bottom-right-radius: var(--n-border-radius);
 `)]),I(`card-cover`,`
 overflow: hidden;
 width: 100%;
 border-radius: var(--n-border-radius) var(--n-border-radius) 0 0;
 `,[M(`img`,`
 display: block;
 width: 100%;
 `)]),F(`bordered`,`
 border: 1px solid var(--n-border-color);
 `,[M(`&:target`,`border-color: var(--n-color-target);`)]),F(`action-segmented`,[M(`>`,[y(`action`,[M(`&:not(:first-child)`,`
 border-top: 1px solid var(--n-border-color);
 `)])])]),F(`content-segmented, content-soft-segmented`,[M(`>`,[I(`card-content`,`
 transition: border-color 0.3s var(--n-bezier);
 `,[M(`&:not(:first-child)`,`
 border-top: 1px solid var(--n-border-color);
 `)]),y(`content-scrollbar`,`
 transition: border-color 0.3s var(--n-bezier);
 `,[M(`&:not(:first-child)`,`
 border-top: 1px solid var(--n-border-color);
 `)])])]),F(`footer-segmented, footer-soft-segmented`,[M(`>`,[y(`footer`,`
 transition: border-color 0.3s var(--n-bezier);
 `,[M(`&:not(:first-child)`,`
 border-top: 1px solid var(--n-border-color);
 `)])])]),F(`embedded`,`
 background-color: var(--n-color-embedded);
 `)]),b(I(`card`,`
 background: var(--n-color-modal);
 `,[F(`embedded`,`
 background-color: var(--n-color-embedded-modal);
 `)])),D(I(`card`,`
 background: var(--n-color-popover);
 `,[F(`embedded`,`
 background-color: var(--n-color-embedded-popover);
 `)]))]),et={title:[String,Function],contentClass:String,contentStyle:[Object,String],contentScrollable:Boolean,headerClass:String,headerStyle:[Object,String],headerExtraClass:String,headerExtraStyle:[Object,String],footerClass:String,footerStyle:[Object,String],embedded:Boolean,segmented:{type:[Boolean,Object],default:!1},size:String,bordered:{type:Boolean,default:!0},closable:Boolean,hoverable:Boolean,role:String,onClose:[Function,Array],tag:{type:String,default:`div`},cover:Function,content:[String,Function],footer:Function,action:Function,headerExtra:Function,closeFocusable:Boolean},tt=Oe(et),nt={...N.props,...et},rt=G({name:`Card`,props:nt,slots:Object,setup(e){let t=()=>{let{onClose:t}=e;t&&k(t)},{inlineThemeDisabled:n,mergedClsPrefixRef:r,mergedRtlRef:i,mergedComponentPropsRef:a}=A(e),o=N(`Card`,`-card`,$e,Ze,e,r),s=ae(`Card`,i,r),c=H(()=>e.size||a?.value?.Card?.size||`medium`),l=H(()=>{let e=c.value,{self:{color:t,colorModal:n,colorTarget:r,textColor:i,titleTextColor:a,titleFontWeight:s,borderColor:l,actionColor:u,borderRadius:d,lineHeight:f,closeIconColor:p,closeIconColorHover:m,closeIconColorPressed:h,closeColorHover:g,closeColorPressed:_,closeBorderRadius:v,closeIconSize:y,closeSize:b,boxShadow:x,colorPopover:C,colorEmbedded:w,colorEmbeddedModal:T,colorEmbeddedPopover:E,[S(`padding`,e)]:D,[S(`fontSize`,e)]:O,[S(`titleFontSize`,e)]:k},common:{cubicBezierEaseInOut:A}}=o.value,{top:j,left:M,bottom:ee}=we(D);return{"--n-bezier":A,"--n-border-radius":d,"--n-color":t,"--n-color-modal":n,"--n-color-popover":C,"--n-color-embedded":w,"--n-color-embedded-modal":T,"--n-color-embedded-popover":E,"--n-color-target":r,"--n-text-color":i,"--n-line-height":f,"--n-action-color":u,"--n-title-text-color":a,"--n-title-font-weight":s,"--n-close-icon-color":p,"--n-close-icon-color-hover":m,"--n-close-icon-color-pressed":h,"--n-close-color-hover":g,"--n-close-color-pressed":_,"--n-border-color":l,"--n-box-shadow":x,"--n-padding-top":j,"--n-padding-bottom":ee,"--n-padding-left":M,"--n-font-size":O,"--n-title-font-size":k,"--n-close-size":b,"--n-close-icon-size":y,"--n-close-border-radius":v}}),u=n?_(`card`,H(()=>c.value[0]),l,e):void 0;return{rtlEnabled:s,mergedClsPrefix:r,mergedTheme:o,handleCloseClick:t,cssVars:n?void 0:l,themeClass:u?.themeClass,onRender:u?.onRender}},render(){let{segmented:e,bordered:n,hoverable:r,mergedClsPrefix:i,rtlEnabled:a,onRender:o,embedded:s,tag:c,$slots:l}=this;return o?.(),R(),B(c,{class:T([`${i}-card`,this.themeClass,s&&`${i}-card--embedded`,{[`${i}-card--rtl`]:a,[`${i}-card--content-scrollable`]:this.contentScrollable,[`${i}-card--content${typeof e!=`boolean`&&e.content===`soft`?`-soft`:``}-segmented`]:e===!0||e!==!1&&e.content,[`${i}-card--footer${typeof e!=`boolean`&&e.footer===`soft`?`-soft`:``}-segmented`]:e===!0||e!==!1&&e.footer,[`${i}-card--action-segmented`]:e===!0||e!==!1&&e.action,[`${i}-card--bordered`]:n,[`${i}-card--hoverable`]:r}]),style:L(this.cssVars),role:this.role},{default:ye(()=>[v(()=>P(l.cover,e=>{let t=this.cover?j([this.cover()]):e;return t&&(R(),J(`div`,{class:T(`${i}-card-cover`),role:`none`},[v(()=>t)],2))})),v(()=>P(l.header,e=>{let{title:n}=this,r=n?j(typeof n==`function`?[n()]:[n]):e;return r||this.closable?(R(),J(`div`,{key:1,class:T([`${i}-card-header`,this.headerClass]),style:L(this.headerStyle),role:`heading`},[Y(`div`,{class:T(`${i}-card-header__main`),role:`heading`},[v(()=>r)],2),v(()=>P(l[`header-extra`],e=>{let t=this.headerExtra?j([this.headerExtra()]):e;return t&&(R(),J(`div`,{class:T([`${i}-card-header__extra`,this.headerExtraClass]),style:L(this.headerExtraStyle)},[v(()=>t)],6))})),v(()=>this.closable&&(R(),B(t,{clsPrefix:i,class:T(`${i}-card-header__close`),onClick:this.handleCloseClick,focusable:this.closeFocusable,absolute:!0},null,8,[`clsPrefix`,`class`,`onClick`,`focusable`])))],6)):null})),v(()=>P(l.default,e=>{let{content:t}=this,n=t?j(typeof t==`function`?[t()]:[t]):e;return n?this.contentScrollable?(R(),B(Te,{key:2,class:T(`${i}-card__content-scrollbar`),contentClass:[`${i}-card-content`,this.contentClass],contentStyle:this.contentStyle},{default:()=>n},1032,[`class`,`contentClass`,`contentStyle`])):(R(),J(`div`,{key:3,class:T([`${i}-card-content`,this.contentClass]),style:L(this.contentStyle),role:`none`},[v(()=>n)],6)):null})),v(()=>P(l.footer,e=>{let t=this.footer?j([this.footer()]):e;return t&&(R(),J(`div`,{class:T([`${i}-card__footer`,this.footerClass]),style:L(this.footerStyle),role:`none`},[v(()=>t)],6))})),v(()=>P(l.action,e=>{let t=this.action?j([this.action()]):e;return t&&(R(),J(`div`,{class:T(`${i}-card__action`),role:`none`},[v(()=>t)],2))}))]),_:2},1032,[`class`,`style`,`role`])}}),it=w(`n-dialog-provider`);w(`n-dialog-api`),w(`n-dialog-reactive-list`);var at={titleFontSize:`18px`,padding:`16px 28px 20px 28px`,iconSize:`28px`,actionSpace:`12px`,contentMargin:`8px 0 16px 0`,iconMargin:`0 4px 0 0`,iconMarginIconTop:`4px 0 8px 0`,closeSize:`22px`,closeIconSize:`18px`,closeMargin:`20px 26px 0 0`,closeMarginIconTop:`10px 16px 0 0`};function ot(e){let{textColor1:t,textColor2:n,modalColor:r,closeIconColor:i,closeIconColorHover:a,closeIconColorPressed:o,closeColorHover:s,closeColorPressed:c,infoColor:l,successColor:u,warningColor:d,errorColor:f,primaryColor:p,dividerColor:m,borderRadius:h,fontWeightStrong:g,lineHeight:_,fontSize:v}=e;return{...at,fontSize:v,lineHeight:_,border:`1px solid ${m}`,titleTextColor:t,textColor:n,color:r,closeColorHover:s,closeColorPressed:c,closeIconColor:i,closeIconColorHover:a,closeIconColorPressed:o,closeBorderRadius:h,iconColor:p,iconColorInfo:l,iconColorSuccess:u,iconColorWarning:d,iconColorError:f,borderRadius:h,titleFontWeight:g}}var st=E({name:`Dialog`,common:ee,peers:{Button:ie},self:ot}),ct={icon:Function,type:{type:String,default:`default`},title:[String,Function],closable:{type:Boolean,default:!0},negativeText:String,positiveText:String,positiveButtonProps:Object,negativeButtonProps:Object,content:[String,Function],action:Function,showIcon:{type:Boolean,default:!0},loading:Boolean,bordered:Boolean,iconPlacement:String,titleClass:[String,Array],titleStyle:[String,Object],contentClass:[String,Array],contentStyle:[String,Object],actionClass:[String,Array],actionStyle:[String,Object],onPositiveClick:Function,onNegativeClick:Function,onClose:Function,closeFocusable:Boolean},lt=Oe(ct),ut=M([I(`dialog`,`
 --n-icon-margin: var(--n-icon-margin-top) var(--n-icon-margin-right) var(--n-icon-margin-bottom) var(--n-icon-margin-left);
 word-break: break-word;
 line-height: var(--n-line-height);
 position: relative;
 background: var(--n-color);
 color: var(--n-text-color);
 box-sizing: border-box;
 margin: auto;
 border-radius: var(--n-border-radius);
 padding: var(--n-padding);
 transition: 
 border-color .3s var(--n-bezier),
 background-color .3s var(--n-bezier),
 color .3s var(--n-bezier);
 `,[y(`icon`,`
 color: var(--n-icon-color);
 `),F(`bordered`,`
 border: var(--n-border);
 `),F(`icon-top`,[y(`close`,`
 margin: var(--n-close-margin);
 `),y(`icon`,`
 margin: var(--n-icon-margin);
 `),y(`content`,`
 text-align: center;
 `),y(`title`,`
 justify-content: center;
 `),y(`action`,`
 justify-content: center;
 `)]),F(`icon-left`,[y(`icon`,`
 margin: var(--n-icon-margin);
 `),F(`closable`,[y(`title`,`
 padding-right: calc(var(--n-close-size) + 6px);
 `)])]),y(`close`,`
 position: absolute;
 right: 0;
 top: 0;
 margin: var(--n-close-margin);
 transition:
 background-color .3s var(--n-bezier),
 color .3s var(--n-bezier);
 z-index: 1;
 `),y(`content`,`
 font-size: var(--n-font-size);
 margin: var(--n-content-margin);
 position: relative;
 word-break: break-word;
 `,[F(`last`,`margin-bottom: 0;`)]),y(`action`,`
 display: flex;
 justify-content: flex-end;
 `,[M(`> *:not(:last-child)`,`
 margin-right: var(--n-action-space);
 `)]),y(`icon`,`
 font-size: var(--n-icon-size);
 transition: color .3s var(--n-bezier);
 `),y(`title`,`
 transition: color .3s var(--n-bezier);
 display: flex;
 align-items: center;
 font-size: var(--n-title-font-size);
 font-weight: var(--n-title-font-weight);
 color: var(--n-title-text-color);
 `),I(`dialog-icon-container`,`
 display: flex;
 justify-content: center;
 `)]),b(I(`dialog`,`
 width: 446px;
 max-width: calc(100vw - 32px);
 `)),I(`dialog`,[oe(`
 width: 446px;
 max-width: calc(100vw - 32px);
 `)])]),dt={default:()=>(R(),B(Be)),info:()=>(R(),B(Be)),success:()=>(R(),B(Ve)),warning:()=>(R(),B(He)),error:()=>(R(),B(ze))},ft=G({name:`Dialog`,alias:[`NimbusConfirmCard`,`Confirm`],props:{...N.props,...ct},slots:Object,setup(e){let{mergedComponentPropsRef:t,mergedClsPrefixRef:n,inlineThemeDisabled:r,mergedRtlRef:i}=A(e),a=ae(`Dialog`,i,n),o=H(()=>{let{iconPlacement:n}=e;return n||t?.value?.Dialog?.iconPlacement||`left`});function s(t){let{onPositiveClick:n}=e;n&&n(t)}function c(t){let{onNegativeClick:n}=e;n&&n(t)}function l(){let{onClose:t}=e;t&&t()}let u=N(`Dialog`,`-dialog`,ut,st,e,n),d=H(()=>{let{type:t}=e,n=o.value,{common:{cubicBezierEaseInOut:r},self:{fontSize:i,lineHeight:a,border:s,titleTextColor:c,textColor:l,color:d,closeBorderRadius:f,closeColorHover:p,closeColorPressed:m,closeIconColor:h,closeIconColorHover:g,closeIconColorPressed:_,closeIconSize:v,borderRadius:y,titleFontWeight:b,titleFontSize:x,padding:C,iconSize:w,actionSpace:T,contentMargin:E,closeSize:D,[n===`top`?`iconMarginIconTop`:`iconMargin`]:O,[n===`top`?`closeMarginIconTop`:`closeMargin`]:k,[S(`iconColor`,t)]:A}}=u.value,j=we(O);return{"--n-font-size":i,"--n-icon-color":A,"--n-bezier":r,"--n-close-margin":k,"--n-icon-margin-top":j.top,"--n-icon-margin-right":j.right,"--n-icon-margin-bottom":j.bottom,"--n-icon-margin-left":j.left,"--n-icon-size":w,"--n-close-size":D,"--n-close-icon-size":v,"--n-close-border-radius":f,"--n-close-color-hover":p,"--n-close-color-pressed":m,"--n-close-icon-color":h,"--n-close-icon-color-hover":g,"--n-close-icon-color-pressed":_,"--n-color":d,"--n-text-color":l,"--n-border-radius":y,"--n-padding":C,"--n-line-height":a,"--n-border":s,"--n-content-margin":E,"--n-title-font-size":x,"--n-title-font-weight":b,"--n-title-text-color":c,"--n-action-space":T}}),f=r?_(`dialog`,H(()=>`${e.type[0]}${o.value[0]}`),d,e):void 0;return{mergedClsPrefix:n,rtlEnabled:a,mergedIconPlacement:o,mergedTheme:u,handlePositiveClick:s,handleNegativeClick:c,handleCloseClick:l,cssVars:r?void 0:d,themeClass:f?.themeClass,onRender:f?.onRender}},render(){let{bordered:e,mergedIconPlacement:n,cssVars:r,closable:i,showIcon:a,title:o,content:c,action:l,negativeText:u,positiveText:d,positiveButtonProps:f,negativeButtonProps:p,handlePositiveClick:m,handleNegativeClick:h,mergedTheme:g,loading:_,type:y,mergedClsPrefix:b}=this;this.onRender?.();let x=a?(R(),B(Se,{key:1,clsPrefix:b,class:T(`${b}-dialog__icon`)},{default:()=>P(this.$slots.icon,e=>e||(this.icon?s(this.icon):dt[this.type]()))},1032,[`clsPrefix`,`class`])):null,S=P(this.$slots.action,e=>e||d||u||l?(R(),J(`div`,{key:2,class:T([`${b}-dialog__action`,this.actionClass]),style:L(this.actionStyle)},[v(()=>e||(l?[s(l)]:[this.negativeText&&(R(),B(te,z({key:3,theme:g.peers.Button,themeOverrides:g.peerOverrides.Button,ghost:!0,size:`small`,onClick:h},p),{default:()=>s(this.negativeText)},1040,[`theme`,`themeOverrides`,`onClick`])),this.positiveText&&(R(),B(te,z({key:4,theme:g.peers.Button,themeOverrides:g.peerOverrides.Button,size:`small`,type:y==="default"?`primary`:y,disabled:_,loading:_,onClick:m},f),{default:()=>s(this.positiveText)},1040,[`theme`,`themeOverrides`,`type`,`disabled`,`loading`,`onClick`]))]))],6)):null);return R(),J(`div`,{class:T([`${b}-dialog`,this.themeClass,this.closable&&`${b}-dialog--closable`,`${b}-dialog--icon-${n}`,e&&`${b}-dialog--bordered`,this.rtlEnabled&&`${b}-dialog--rtl`]),style:L(r),role:`dialog`},[i?(R(),J(_e,{key:0},[v(()=>P(this.$slots.close,e=>{let n=[`${b}-dialog__close`,this.rtlEnabled&&`${b}-dialog--rtl`];return e?(R(),J(`div`,{key:5,class:T(n)},[v(()=>e)],2)):(R(),B(t,{key:6,focusable:this.closeFocusable,clsPrefix:b,class:T(n),onClick:this.handleCloseClick},null,8,[`focusable`,`clsPrefix`,`class`,`onClick`]))}))],64)):v(()=>null),a&&n===`top`?(R(),J(`div`,{key:2,class:T(`${b}-dialog-icon-container`)},[v(()=>x)],2)):v(()=>null),Y(`div`,{class:T([`${b}-dialog__title`,this.titleClass]),style:L(this.titleStyle)},[a&&n===`left`?(R(),J(_e,{key:0},[v(()=>x)],64)):v(()=>null),v(()=>O(this.$slots.header,()=>[s(o)]))],6),Y(`div`,{class:T([`${b}-dialog__content`,S?``:`${b}-dialog__content--last`,this.contentClass]),style:L(this.contentStyle)},[v(()=>O(this.$slots.default,()=>[s(c)]))],6),v(()=>S)],6)}});function pt(e){let{modalColor:t,textColor2:n,boxShadow3:r}=e;return{color:t,textColor:n,boxShadow:r}}var mt=E({name:`Modal`,common:ee,peers:{Scrollbar:Ce,Dialog:st,Card:Ze},self:pt}),ht=`n-draggable`;function gt(e,t){let n,r=W(null),i=W(null),a=H(()=>e.value!==!1),o=H(()=>a.value?ht:``),s=H(()=>{let t=e.value;return t===!0||t===!1||!t||t.bounds!==`none`});function c(e){let a=e.querySelector(`.${ht}`);if(!a||!o.value)return;let c=0,l=0,u=0,d=0,f=0,p=0,m,h=null,g=null;function _(t){t.preventDefault(),m=t;let{x:n,y:a,right:o,bottom:s}=e.getBoundingClientRect();if(l=n,d=a,c=window.innerWidth-o,u=window.innerHeight-s,r.value!==null&&i.value!==null)p=r.value,f=i.value;else{let{left:t,top:n}=e.style;f=+n.slice(0,-2),p=+t.slice(0,-2)}}function v(){g&&=(r.value=g.x,i.value=g.y,null),h=null}function y(e){if(!m)return;let{clientX:t,clientY:n}=m,r=e.clientX-t,i=e.clientY-n;s.value&&(r>c?r=c:-r>l&&(r=-l),i>u?i=u:-i>d&&(i=-d)),g={x:r+p,y:i+f},h||=requestAnimationFrame(v)}function b(){m=void 0,h&&=(cancelAnimationFrame(h),null),g&&=(r.value=g.x,i.value=g.y,null),de(()=>{t.onEnd(e)})}Z(`mousedown`,a,_),Z(`mousemove`,window,y),Z(`mouseup`,window,b),n=()=>{h&&cancelAnimationFrame(h),X(`mousedown`,a,_),X(`mousemove`,window,y),X(`mouseup`,window,b)}}function l(){n&&=(n(),void 0),r.value=null,i.value=null}return me(l),{stopDrag:l,startDrag:c,draggableRef:a,draggableClassRef:o,dragX:r,dragY:i}}var _t=W(!1);function vt(){_t.value=!0}function yt(){_t.value=!1}var $=0;function bt(){return ne&&(ce(()=>{$||(window.addEventListener(`compositionstart`,vt),window.addEventListener(`compositionend`,yt)),$++}),V(()=>{$<=1?(window.removeEventListener(`compositionstart`,vt),window.removeEventListener(`compositionend`,yt),$=0):$--})),_t}var xt={...et,...ct},St=Oe(xt).filter(e=>e!==`onClose`&&e!==`onPositiveClick`&&e!==`onNegativeClick`),Ct=G({name:`ModalBody`,inheritAttrs:!1,slots:Object,props:{show:{type:Boolean,required:!0},preset:String,displayDirective:{type:String,required:!0},trapFocus:{type:Boolean,default:!0},autoFocus:{type:Boolean,default:!0},blockScroll:Boolean,draggable:{type:[Boolean,Object],default:!1},maskHidden:Boolean,...xt,onClickoutside:{type:Function,required:!0},onBeforeLeave:{type:Function,required:!0},onAfterLeave:{type:Function,required:!0},onPositiveClick:{type:Function,required:!0},onNegativeClick:{type:Function,required:!0},onClose:{type:Function,required:!0},onAfterEnter:Function,onEsc:Function},setup(t){let n=W(null),r=W(null),i=W(t.show),a=W(null),o=W(null),s=ue(g),c=null;q(U(t,`show`),e=>{e&&(c=s.getMousePosition())},{immediate:!0});let{stopDrag:l,startDrag:u,draggableRef:d,draggableClassRef:f,dragX:p,dragY:_}=gt(U(t,`draggable`),{onEnd:e=>{x(e)}}),v=H(()=>fe([t.titleClass,f.value])),y=H(()=>fe([t.headerClass,f.value]));q(U(t,`show`),e=>{e&&(i.value=!0)}),Je(H(()=>t.blockScroll&&i.value));function b(){if(s.transformOriginRef.value===`center`)return``;let{value:e}=a,{value:t}=o;return e===null||t===null?``:r.value?`${e}px ${t+r.value.containerScrollTop}px`:``}function x(e){if(s.transformOriginRef.value===`center`||!c||!r.value)return;let t=r.value.containerScrollTop,{offsetLeft:n,offsetTop:i}=e,l=c.y,u=c.x;a.value=-(n-u),o.value=-(i-l-t),e.style.transformOrigin=b()}function S(e){de(()=>{x(e)})}function C(e){e.style.transformOrigin=b(),t.onBeforeLeave()}function w(e){let n=e;d.value&&u(n),t.onAfterEnter&&t.onAfterEnter(n)}function T(){i.value=!1,a.value=null,o.value=null,l(),t.onAfterLeave()}function E(){let{onClose:e}=t;e&&e()}function D(){t.onNegativeClick()}function O(){t.onPositiveClick()}let k=W(null);return q(k,e=>{e&&de(()=>{let t=e.el;t&&n.value!==t&&(n.value=t)})}),le(m,n),le(h,null),le(e,null),{mergedTheme:s.mergedThemeRef,appear:s.appearRef,isMounted:s.isMountedRef,mergedClsPrefix:s.mergedClsPrefixRef,bodyRef:n,scrollbarRef:r,draggableClass:f,displayed:i,childNodeRef:k,cardHeaderClass:y,dialogTitleClass:v,handlePositiveClick:O,handleNegativeClick:D,handleCloseClick:E,handleAfterEnter:w,handleAfterLeave:T,handleBeforeLeave:C,handleEnter:S,dragX:p,dragY:_}},render(){let{$slots:e,$attrs:t,handleEnter:n,handleAfterEnter:r,handleAfterLeave:a,handleBeforeLeave:o,preset:s,mergedClsPrefix:d,dragX:f,dragY:p}=this,m={...t};f!==null&&p!==null&&(m.style=L([m.style,{left:`${f}px`,top:`${p}px`}]));let h=null;if(!s){if(h=l(`default`,e.default,{draggableClass:this.draggableClass}),!h){re(`modal`,`default slot is empty`);return}h=be(h),h.props=z({class:`${d}-modal`},m,h.props||{})}return this.displayDirective===`show`||this.displayed||this.show?ve((R(),J(`div`,{key:1,role:`none`,class:T([`${d}-modal-body-wrapper`,this.maskHidden&&`${d}-modal-body-wrapper--mask-hidden`])},[(R(),B(Te,{ref:`scrollbarRef`,theme:this.mergedTheme.peers.Scrollbar,themeOverrides:this.mergedTheme.peerOverrides.Scrollbar,contentClass:`${d}-modal-scroll-content`},{default:()=>(R(),B(u,{disabled:!this.trapFocus||this.maskHidden,active:this.show,onEsc:this.onEsc,autoFocus:this.autoFocus},{default:()=>(R(),B(he,{name:`fade-in-scale-up-transition`,appear:this.appear??this.isMounted,onEnter:n,onAfterEnter:r,onAfterLeave:a,onBeforeLeave:o},{default:()=>{let t=[[ge,this.show]];return t.push([c,this.onClickoutside,void 0,{capture:!0}]),ve(this.preset===`confirm`||this.preset===`dialog`?(R(),B(ft,z({key:2},m,{class:[`${d}-modal`,m.class],ref:`bodyRef`,theme:this.mergedTheme.peers.Dialog,themeOverrides:this.mergedTheme.peerOverrides.Dialog},i(this.$props,lt),{titleClass:this.dialogTitleClass,"aria-modal":`true`}),se(e),1040,[`class`,`theme`,`themeOverrides`,`titleClass`])):this.preset===`card`?(R(),B(rt,z({key:3},m,{ref:`bodyRef`,class:[`${d}-modal`,m.class],theme:this.mergedTheme.peers.Card,themeOverrides:this.mergedTheme.peerOverrides.Card},i(this.$props,tt),{headerClass:this.cardHeaderClass,"aria-modal":`true`,role:`dialog`}),se(e),1040,[`class`,`theme`,`themeOverrides`,`headerClass`])):this.childNodeRef=h,t)}},1032,[`appear`,`onEnter`,`onAfterEnter`,`onAfterLeave`,`onBeforeLeave`]))},1032,[`disabled`,`active`,`onEsc`,`autoFocus`]))},1032,[`theme`,`themeOverrides`,`contentClass`]))],2)),[[ge,this.displayDirective===`if`||this.displayed||this.show]]):null}}),wt=M([I(`modal-container`,`
 position: fixed;
 left: 0;
 top: 0;
 height: 0;
 width: 0;
 display: flex;
 `),I(`modal-mask`,`
 position: fixed;
 left: 0;
 right: 0;
 top: 0;
 bottom: 0;
 background-color: rgba(0, 0, 0, .4);
 `,[Ee({enterDuration:`.25s`,leaveDuration:`.25s`,enterCubicBezier:`var(--n-bezier-ease-out)`,leaveCubicBezier:`var(--n-bezier-ease-out)`})]),I(`modal-body-wrapper`,`
 position: fixed;
 left: 0;
 right: 0;
 top: 0;
 bottom: 0;
 overflow: visible;
 `,[I(`modal-scroll-content`,`
 min-height: 100%;
 display: flex;
 position: relative;
 `),F(`mask-hidden`,`pointer-events: none;`,[I(`modal-scroll-content`,[M(`> *`,`
 pointer-events: all;
 `)])])]),I(`modal`,`
 position: relative;
 align-self: center;
 color: var(--n-text-color);
 margin: auto;
 box-shadow: var(--n-box-shadow);
 `,[d({duration:`.25s`,enterScale:`.5`}),M(`.${ht}`,`
 cursor: move;
 user-select: none;
 `)])]),Tt={...N.props,show:Boolean,showMask:{type:Boolean,default:!0},maskClosable:{type:Boolean,default:!0},preset:String,to:[String,Object],displayDirective:{type:String,default:`if`},transformOrigin:{type:String,default:`mouse`},zIndex:Number,autoFocus:{type:Boolean,default:!0},trapFocus:{type:Boolean,default:!0},closeOnEsc:{type:Boolean,default:!0},blockScroll:{type:Boolean,default:!0},...xt,draggable:[Boolean,Object],onEsc:Function,"onUpdate:show":[Function,Array],onUpdateShow:[Function,Array],onAfterEnter:Function,onBeforeLeave:Function,onAfterLeave:Function,onClose:Function,onPositiveClick:Function,onNegativeClick:Function,onMaskClick:Function,internalDialog:Boolean,internalModal:Boolean,internalAppear:{type:Boolean,default:void 0},overlayStyle:[String,Object],onBeforeHide:Function,onAfterHide:Function,onHide:Function,unstableShowMask:{type:Boolean,default:void 0}},Et=G({name:`Modal`,inheritAttrs:!1,props:Tt,slots:Object,setup(e){let t=W(null),{mergedClsPrefixRef:r,namespaceRef:a,inlineThemeDisabled:o}=A(e),s=N(`Modal`,`-modal`,wt,mt,e,r),c=Re(64),l=Ne(),u=x(),d=e.internalDialog?ue(it,null):null,f=e.internalModal?ue(n,null):null,m=bt();function h(t){let{onUpdateShow:n,"onUpdate:show":r,onHide:i}=e;n&&k(n,t),r&&k(r,t),i&&!t&&i(t)}function v(){let{onClose:t}=e;t?Promise.resolve(t()).then(e=>{e!==!1&&h(!1)}):h(!1)}function y(){let{onPositiveClick:t}=e;t?Promise.resolve(t()).then(e=>{e!==!1&&h(!1)}):h(!1)}function b(){let{onNegativeClick:t}=e;t?Promise.resolve(t()).then(e=>{e!==!1&&h(!1)}):h(!1)}function S(){let{onBeforeLeave:t,onBeforeHide:n}=e;t&&k(t),n&&n()}function C(){let{onAfterLeave:t,onAfterHide:n}=e;t&&k(t),n&&n()}function w(n){let{onMaskClick:r}=e;r&&r(n),e.maskClosable&&t.value?.contains(xe(n))&&h(!1)}function T(t){e.onEsc?.(),e.show&&e.closeOnEsc&&p(t)&&(m.value||h(!1))}le(g,{getMousePosition:()=>{let e=d||f;if(e){let{clickedRef:t,clickedPositionRef:n}=e;if(t.value&&n.value)return n.value}return c.value?l.value:null},mergedClsPrefixRef:r,mergedThemeRef:s,isMountedRef:u,appearRef:U(e,`internalAppear`),transformOriginRef:U(e,`transformOrigin`)});let E=H(()=>{let{common:{cubicBezierEaseOut:e},self:{boxShadow:t,color:n,textColor:r}}=s.value;return{"--n-bezier-ease-out":e,"--n-box-shadow":t,"--n-color":n,"--n-text-color":r}}),D=o?_(`theme-class`,void 0,E,e):void 0;return{mergedClsPrefix:r,namespace:a,isMounted:u,containerRef:t,presetProps:H(()=>i(e,St)),handleEsc:T,handleAfterLeave:C,handleClickoutside:w,handleBeforeLeave:S,doUpdateShow:h,handleNegativeClick:b,handlePositiveClick:y,handleCloseClick:v,cssVars:o?void 0:E,themeClass:D?.themeClass,onRender:D?.onRender}},render(){let{mergedClsPrefix:e}=this;return R(),B(f,{to:this.to,show:this.show},{default:()=>{this.onRender?.();let{showMask:t}=this;return ve((R(),J(`div`,{role:`none`,ref:`containerRef`,class:T([`${e}-modal-container`,this.themeClass,this.namespace]),style:L(this.cssVars)},[t?(R(),B(he,{name:`fade-in-transition`,key:`mask`,appear:this.internalAppear??this.isMounted},{default:()=>this.show?(R(),J(`div`,{key:1,"aria-hidden":!0,class:T(`${e}-modal-mask`)},null,2)):null},1032,[`appear`])):v(()=>null),(R(),B(Ct,z({style:this.overlayStyle},this.$attrs,{ref:`bodyWrapper`,displayDirective:this.displayDirective,show:this.show,preset:this.preset,autoFocus:this.autoFocus,trapFocus:this.trapFocus,draggable:this.draggable,blockScroll:this.blockScroll,maskHidden:!t},this.presetProps,{onEsc:this.handleEsc,onClose:this.handleCloseClick,onNegativeClick:this.handleNegativeClick,onPositiveClick:this.handlePositiveClick,onBeforeLeave:this.handleBeforeLeave,onAfterEnter:this.onAfterEnter,onAfterLeave:this.handleAfterLeave,onClickoutside:this.handleClickoutside}),se(this.$slots),1040,[`style`,`displayDirective`,`show`,`preset`,`autoFocus`,`trapFocus`,`draggable`,`blockScroll`,`maskHidden`,`onEsc`,`onClose`,`onNegativeClick`,`onPositiveClick`,`onBeforeLeave`,`onAfterEnter`,`onAfterLeave`,`onClickoutside`]))],6)),[[r,{zIndex:this.zIndex,enabled:this.show}]])}},1032,[`to`,`show`])}});export{Xe as i,pt as n,ot as r,Et as t};