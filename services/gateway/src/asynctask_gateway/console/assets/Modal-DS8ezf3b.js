import{B as e,C as t,G as n,H as r,I as i,L as a,M as o,O as s,Tt as c,U as l,W as u,a as d,b as f,d as p,et as m,h,mt as g,nt as _,pt as v,rt as y,v as b,wt as x,x as S,y as C,yt as w,z as T}from"./Icon-DcD_FAza.js";import{$ as E,A as D,B as O,C as k,E as A,F as j,Ht as M,I as N,Kt as P,L as ee,M as te,O as ne,Q as F,R as re,T as ie,U as ae,Ut as I,V as oe,Wt as L,Xt as se,Y as ce,Yt as R,Z as le,Zt as ue,_ as z,c as de,ct as fe,f as pe,j as B,l as me,lt as he,nt as V,ot as H,qt as U,tt as W,y as ge,z as G}from"./http-BHB9vVLc.js";import{_ as _e,a as ve,b as ye,c as be,f as K,g as xe,h as Se,i as q,l as Ce,m as we,o as Te,r as Ee,s as De,t as Oe,v as ke,x as Ae,y as je}from"./event-CrcSoLQ2.js";var Me=`modulepreload`,Ne=function(e,t){return new URL(e,t).href},Pe={},J={},Fe=function(e){return e.pathname.endsWith(`.css`)},Ie=function(e,t,n){if(t in e)return e[t];let r=n();if(!r){e[t]=void 0;return}let i=r.then(()=>{e[t]=void 0},n=>{throw delete e[t],n});return e[t]=i,i},Le=function(e,t,n){let r=Promise.resolve();if(t&&t.length>0){let e,i=document.querySelector(`meta[property=csp-nonce]`),a=i?.nonce||i?.getAttribute(`nonce`);function o(e){return Promise.all(e.map(e=>Promise.resolve(e).then(e=>({status:`fulfilled`,value:e}),e=>({status:`rejected`,reason:e}))))}function s(e){return import.meta.resolve?new URL(import.meta.resolve(e)):new URL(e,import.meta.url)}r=o(t.map(t=>{t=Ne(t,n);let r=s(t),i=Fe(r);return Ie(Pe,r.href,()=>{if(e===void 0){e={all:new Set,styles:new Set};let t=document.getElementsByTagName(`link`);for(let n=t.length-1;n>=0;n--){let r=t[n];e.all.add(r.href),r.rel===`stylesheet`&&e.styles.add(r.href)}}let t=i?e.styles:e.all,n=i?J[r.href]:void 0;if(!n&&t.has(r.href))return;let o=document.createElement(`link`);if(o.rel=i?`stylesheet`:Me,i||(o.as=`script`),o.crossOrigin=``,o.href=r.href,a&&o.setAttribute(`nonce`,a),n&&delete J[r.href],n?.isConnected?n.replaceWith(o):document.head.appendChild(o),i)return new Promise((e,t)=>{let n=i=>{o.removeEventListener(`load`,n),o.removeEventListener(`error`,n),i.type===`error`?(J[r.href]=o,t(Error(`Unable to preload CSS for ${r}`))):e(i)};o.addEventListener(`load`,n),o.addEventListener(`error`,n)})})}).filter(e=>e!==void 0))}function i(e){let t=new Event(`vite:preloadError`,{cancelable:!0});if(t.payload=e,window.dispatchEvent(t),!t.defaultPrevented)throw e}return r.then(t=>{for(let e of t||[])e.status===`rejected`&&i(e.reason);return e().catch(i)})};function Re(e){return Object.keys(e)}var Y=g(null);function ze(e){if(e.clientX>0||e.clientY>0)Y.value={x:e.clientX,y:e.clientY};else{let{target:t}=e;if(t instanceof Element){let{left:e,top:n,width:r,height:i}=t.getBoundingClientRect();Y.value=e>0||n>0?{x:e+r/2,y:n+i/2}:{x:0,y:0}}else Y.value=null}}var X=0,Be=!0;function Ve(){if(!xe)return v(g(null));X===0&&N(`click`,document,ze,!0);let t=()=>{X+=1};return(Be&&=Se())?(T(t),e(()=>{--X,X===0&&j(`click`,document,ze,!0)})):t(),v(Y)}var He=g(void 0),Z=0;function Ue(){He.value=Date.now()}var We=!0;function Ge(t){if(!xe)return v(g(!1));let n=g(!1),r=null;function i(){r!==null&&window.clearTimeout(r)}function a(){i(),n.value=!0,r=window.setTimeout(()=>{n.value=!1},t)}Z===0&&N(`click`,window,Ue,!0);let o=()=>{Z+=1,N(`click`,window,a,!0)};return(We&&=Se())?(T(o),e(()=>{--Z,Z===0&&j(`click`,window,Ue,!0),j(`click`,window,a,!0),i()})):o(),v(n)}var Ke=z(`error`,()=>(()=>{let e=F(`550229f72e94547c`);return e[0]||=f(`svg`,{viewBox:`0 0 48 48`,version:`1.1`,xmlns:`http://www.w3.org/2000/svg`},[f(`g`,{stroke:`none`,"stroke-width":`1`,"fill-rule":`evenodd`},[f(`g`,{"fill-rule":`nonzero`},[f(`path`,{d:`M24,4 C35.045695,4 44,12.954305 44,24 C44,35.045695 35.045695,44 24,44 C12.954305,44 4,35.045695 4,24 C4,12.954305 12.954305,4 24,4 Z M17.8838835,16.1161165 L17.7823881,16.0249942 C17.3266086,15.6583353 16.6733914,15.6583353 16.2176119,16.0249942 L16.1161165,16.1161165 L16.0249942,16.2176119 C15.6583353,16.6733914 15.6583353,17.3266086 16.0249942,17.7823881 L16.1161165,17.8838835 L22.233,24 L16.1161165,30.1161165 L16.0249942,30.2176119 C15.6583353,30.6733914 15.6583353,31.3266086 16.0249942,31.7823881 L16.1161165,31.8838835 L16.2176119,31.9750058 C16.6733914,32.3416647 17.3266086,32.3416647 17.7823881,31.9750058 L17.8838835,31.8838835 L24,25.767 L30.1161165,31.8838835 L30.2176119,31.9750058 C30.6733914,32.3416647 31.3266086,32.3416647 31.7823881,31.9750058 L31.8838835,31.8838835 L31.9750058,31.7823881 C32.3416647,31.3266086 32.3416647,30.6733914 31.9750058,30.2176119 L31.8838835,30.1161165 L25.767,24 L31.8838835,17.8838835 L31.9750058,17.7823881 C32.3416647,17.3266086 32.3416647,16.6733914 31.9750058,16.2176119 L31.8838835,16.1161165 L31.7823881,16.0249942 C31.3266086,15.6583353 30.6733914,15.6583353 30.2176119,16.0249942 L30.1161165,16.1161165 L24,22.233 L17.8838835,16.1161165 L17.7823881,16.0249942 L17.8838835,16.1161165 Z`})])])],-1)})()),qe=z(`info`,()=>(()=>{let e=F(`1d7d3032c5ab60`);return e[0]||=f(`svg`,{viewBox:`0 0 28 28`,version:`1.1`,xmlns:`http://www.w3.org/2000/svg`},[f(`g`,{stroke:`none`,"stroke-width":`1`,"fill-rule":`evenodd`},[f(`g`,{"fill-rule":`nonzero`},[f(`path`,{d:`M14,2 C20.6274,2 26,7.37258 26,14 C26,20.6274 20.6274,26 14,26 C7.37258,26 2,20.6274 2,14 C2,7.37258 7.37258,2 14,2 Z M14,11 C13.4477,11 13,11.4477 13,12 L13,12 L13,20 C13,20.5523 13.4477,21 14,21 C14.5523,21 15,20.5523 15,20 L15,20 L15,12 C15,11.4477 14.5523,11 14,11 Z M14,6.75 C13.3096,6.75 12.75,7.30964 12.75,8 C12.75,8.69036 13.3096,9.25 14,9.25 C14.6904,9.25 15.25,8.69036 15.25,8 C15.25,7.30964 14.6904,6.75 14,6.75 Z`})])])],-1)})()),Je=z(`success`,()=>(()=>{let e=F(`2d4548faff86b4af`);return e[0]||=f(`svg`,{viewBox:`0 0 48 48`,version:`1.1`,xmlns:`http://www.w3.org/2000/svg`},[f(`g`,{stroke:`none`,"stroke-width":`1`,"fill-rule":`evenodd`},[f(`g`,{"fill-rule":`nonzero`},[f(`path`,{d:`M24,4 C35.045695,4 44,12.954305 44,24 C44,35.045695 35.045695,44 24,44 C12.954305,44 4,35.045695 4,24 C4,12.954305 12.954305,4 24,4 Z M32.6338835,17.6161165 C32.1782718,17.1605048 31.4584514,17.1301307 30.9676119,17.5249942 L30.8661165,17.6161165 L20.75,27.732233 L17.1338835,24.1161165 C16.6457281,23.6279612 15.8542719,23.6279612 15.3661165,24.1161165 C14.9105048,24.5717282 14.8801307,25.2915486 15.2749942,25.7823881 L15.3661165,25.8838835 L19.8661165,30.3838835 C20.3217282,30.8394952 21.0415486,30.8698693 21.5323881,30.4750058 L21.6338835,30.3838835 L32.6338835,19.3838835 C33.1220388,18.8957281 33.1220388,18.1042719 32.6338835,17.6161165 Z`})])])],-1)})()),Ye=z(`warning`,()=>(()=>{let e=F(`eb9505c3181fdf04`);return e[0]||=f(`svg`,{viewBox:`0 0 24 24`,version:`1.1`,xmlns:`http://www.w3.org/2000/svg`},[f(`g`,{stroke:`none`,"stroke-width":`1`,"fill-rule":`evenodd`},[f(`g`,{"fill-rule":`nonzero`},[f(`path`,{d:`M12,2 C17.523,2 22,6.478 22,12 C22,17.522 17.523,22 12,22 C6.477,22 2,17.522 2,12 C2,6.478 6.477,2 12,2 Z M12.0018002,15.0037242 C11.450254,15.0037242 11.0031376,15.4508407 11.0031376,16.0023869 C11.0031376,16.553933 11.450254,17.0010495 12.0018002,17.0010495 C12.5533463,17.0010495 13.0004628,16.553933 13.0004628,16.0023869 C13.0004628,15.4508407 12.5533463,15.0037242 12.0018002,15.0037242 Z M11.99964,7 C11.4868042,7.00018474 11.0642719,7.38637706 11.0066858,7.8837365 L11,8.00036004 L11.0018003,13.0012393 L11.00857,13.117858 C11.0665141,13.6151758 11.4893244,14.0010638 12.0021602,14.0008793 C12.514996,14.0006946 12.9375283,13.6145023 12.9951144,13.1171428 L13.0018002,13.0005193 L13,7.99964009 L12.9932303,7.8830214 C12.9352861,7.38570354 12.5124758,6.99981552 11.99964,7 Z`})])])],-1)})()),Q=0,Xe=``,Ze=``,Qe=``,$e=``,et=g(`0px`);function tt(t){if(typeof document>`u`)return;let n=document.documentElement,i,a=!1,o=()=>{n.style.marginRight=Xe,n.style.overflow=Ze,n.style.overflowX=Qe,n.style.overflowY=$e,et.value=`0px`};r(()=>{i=m(t,e=>{if(e){if(!Q){let e=window.innerWidth-n.offsetWidth;e>0&&(Xe=n.style.marginRight,n.style.marginRight=`${e}px`,et.value=`${e}px`),Ze=n.style.overflow,Qe=n.style.overflowX,$e=n.style.overflowY,n.style.overflow=`hidden`,n.style.overflowX=`hidden`,n.style.overflowY=`hidden`}a=!0,Q++}else Q--,Q||o(),a=!1},{immediate:!0})}),e(()=>{i?.(),a&&=(Q--,Q||o(),!1)})}var nt={paddingSmall:`12px 16px 12px`,paddingMedium:`19px 24px 20px`,paddingLarge:`23px 32px 24px`,paddingHuge:`27px 40px 28px`,titleFontSizeSmall:`16px`,titleFontSizeMedium:`18px`,titleFontSizeLarge:`18px`,titleFontSizeHuge:`18px`,closeIconSize:`18px`,closeSize:`22px`};function rt(e){let{primaryColor:t,borderRadius:n,lineHeight:r,fontSize:i,cardColor:a,textColor2:o,textColor1:s,dividerColor:c,fontWeightStrong:l,closeIconColor:u,closeIconColorHover:d,closeIconColorPressed:f,closeColorHover:p,closeColorPressed:m,modalColor:h,boxShadow1:g,popoverColor:_,actionColor:v}=e;return{...nt,lineHeight:r,color:a,colorModal:h,colorPopover:_,colorTarget:t,colorEmbedded:v,colorEmbeddedModal:v,colorEmbeddedPopover:v,textColor:o,titleTextColor:s,borderColor:c,actionColor:v,titleFontWeight:l,closeColorHover:p,closeColorPressed:m,closeBorderRadius:n,closeIconColor:u,closeIconColorHover:d,closeIconColorPressed:f,fontSizeSmall:i,fontSizeMedium:i,fontSizeLarge:i,fontSizeHuge:i,boxShadow:g,borderRadius:n}}var it={name:`Card`,common:ae,self:rt},at=L(`card-content`,`
 flex: 1;
 min-width: 0;
 box-sizing: border-box;
 padding: 0 var(--n-padding-left) var(--n-padding-bottom) var(--n-padding-left);
 font-size: var(--n-font-size);
`),ot=I([L(`card`,`
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
 `,[M({background:`var(--n-color-modal)`}),U(`hoverable`,[I(`&:hover`,`box-shadow: var(--n-box-shadow);`)]),U(`content-segmented`,[I(`>`,[L(`card-content`,`
 padding-top: var(--n-padding-bottom);
 `),P(`content-scrollbar`,[I(`>`,[L(`scrollbar-container`,[I(`>`,[L(`card-content`,`
 padding-top: var(--n-padding-bottom);
 `)])])])])])]),U(`content-soft-segmented`,[I(`>`,[L(`card-content`,`
 margin: 0 var(--n-padding-left);
 padding: var(--n-padding-bottom) 0;
 `),P(`content-scrollbar`,[I(`>`,[L(`scrollbar-container`,[I(`>`,[L(`card-content`,`
 margin: 0 var(--n-padding-left);
 padding: var(--n-padding-bottom) 0;
 `)])])])])])]),U(`footer-segmented`,[I(`>`,[P(`footer`,`
 padding-top: var(--n-padding-bottom);
 `)])]),U(`footer-soft-segmented`,[I(`>`,[P(`footer`,`
 padding: var(--n-padding-bottom) 0;
 margin: 0 var(--n-padding-left);
 `)])]),I(`>`,[L(`card-header`,`
 box-sizing: border-box;
 display: flex;
 align-items: center;
 font-size: var(--n-title-font-size);
 padding:
 var(--n-padding-top)
 var(--n-padding-left)
 var(--n-padding-bottom)
 var(--n-padding-left);
 `,[P(`main`,`
 font-weight: var(--n-title-font-weight);
 transition: color .3s var(--n-bezier);
 flex: 1;
 min-width: 0;
 color: var(--n-title-text-color);
 `),P(`extra`,`
 display: flex;
 align-items: center;
 font-size: var(--n-font-size);
 font-weight: 400;
 transition: color .3s var(--n-bezier);
 color: var(--n-text-color);
 `),P(`close`,`
 margin: 0 0 0 8px;
 transition:
 background-color .3s var(--n-bezier),
 color .3s var(--n-bezier);
 `)]),P(`action`,`
 box-sizing: border-box;
 transition:
 background-color .3s var(--n-bezier),
 border-color .3s var(--n-bezier);
 background-clip: padding-box;
 background-color: var(--n-action-color);
 `),at,L(`card-content`,[I(`&:first-child`,`
 padding-top: var(--n-padding-bottom);
 `)]),P(`content-scrollbar`,`
 display: flex;
 flex-direction: column;
 `,[I(`>`,[L(`scrollbar-container`,[I(`>`,[at])])]),I(`&:first-child >`,[L(`scrollbar-container`,[I(`>`,[L(`card-content`,`
 padding-top: var(--n-padding-bottom);
 `)])])])]),P(`footer`,`
 box-sizing: border-box;
 padding: 0 var(--n-padding-left) var(--n-padding-bottom) var(--n-padding-left);
 font-size: var(--n-font-size);
 `,[I(`&:first-child`,`
 padding-top: var(--n-padding-bottom);
 `)]),P(`action`,`
 background-color: var(--n-action-color);
 padding: var(--n-padding-bottom) var(--n-padding-left);
 border-bottom-left-radius: var(--n-border-radius);
 border-bottom-right-radius: var(--n-border-radius);
 `)]),L(`card-cover`,`
 overflow: hidden;
 width: 100%;
 border-radius: var(--n-border-radius) var(--n-border-radius) 0 0;
 `,[I(`img`,`
 display: block;
 width: 100%;
 `)]),U(`bordered`,`
 border: 1px solid var(--n-border-color);
 `,[I(`&:target`,`border-color: var(--n-color-target);`)]),U(`action-segmented`,[I(`>`,[P(`action`,[I(`&:not(:first-child)`,`
 border-top: 1px solid var(--n-border-color);
 `)])])]),U(`content-segmented, content-soft-segmented`,[I(`>`,[L(`card-content`,`
 transition: border-color 0.3s var(--n-bezier);
 `,[I(`&:not(:first-child)`,`
 border-top: 1px solid var(--n-border-color);
 `)]),P(`content-scrollbar`,`
 transition: border-color 0.3s var(--n-bezier);
 `,[I(`&:not(:first-child)`,`
 border-top: 1px solid var(--n-border-color);
 `)])])]),U(`footer-segmented, footer-soft-segmented`,[I(`>`,[P(`footer`,`
 transition: border-color 0.3s var(--n-bezier);
 `,[I(`&:not(:first-child)`,`
 border-top: 1px solid var(--n-border-color);
 `)])])]),U(`embedded`,`
 background-color: var(--n-color-embedded);
 `)]),se(L(`card`,`
 background: var(--n-color-modal);
 `,[U(`embedded`,`
 background-color: var(--n-color-embedded-modal);
 `)])),ue(L(`card`,`
 background: var(--n-color-popover);
 `,[U(`embedded`,`
 background-color: var(--n-color-embedded-popover);
 `)]))]),st={title:[String,Function],contentClass:String,contentStyle:[Object,String],contentScrollable:Boolean,headerClass:String,headerStyle:[Object,String],headerExtraClass:String,headerExtraStyle:[Object,String],footerClass:String,footerStyle:[Object,String],embedded:Boolean,segmented:{type:[Boolean,Object],default:!1},size:String,bordered:{type:Boolean,default:!0},closable:Boolean,hoverable:Boolean,role:String,onClose:[Function,Array],tag:{type:String,default:`div`},cover:Function,content:[String,Function],footer:Function,action:Function,headerExtra:Function,closeFocusable:Boolean},ct=Re(st),lt={...G.props,...st},ut=s({name:`Card`,props:lt,slots:Object,setup(e){let t=()=>{let{onClose:t}=e;t&&B(t)},{inlineThemeDisabled:n,mergedClsPrefixRef:r,mergedRtlRef:i,mergedComponentPropsRef:a}=H(e),o=G(`Card`,`-card`,ot,it,e,r),s=ie(`Card`,i,r),c=C(()=>e.size||a?.value?.Card?.size||`medium`),l=C(()=>{let e=c.value,{self:{color:t,colorModal:n,colorTarget:r,textColor:i,titleTextColor:a,titleFontWeight:s,borderColor:l,actionColor:u,borderRadius:d,lineHeight:f,closeIconColor:p,closeIconColorHover:m,closeIconColorPressed:h,closeColorHover:g,closeColorPressed:_,closeBorderRadius:v,closeIconSize:y,closeSize:b,boxShadow:x,colorPopover:S,colorEmbedded:C,colorEmbeddedModal:w,colorEmbeddedPopover:T,[R(`padding`,e)]:E,[R(`fontSize`,e)]:D,[R(`titleFontSize`,e)]:O},common:{cubicBezierEaseInOut:k}}=o.value,{top:A,left:j,bottom:M}=ce(E);return{"--n-bezier":k,"--n-border-radius":d,"--n-color":t,"--n-color-modal":n,"--n-color-popover":S,"--n-color-embedded":C,"--n-color-embedded-modal":w,"--n-color-embedded-popover":T,"--n-color-target":r,"--n-text-color":i,"--n-line-height":f,"--n-action-color":u,"--n-title-text-color":a,"--n-title-font-weight":s,"--n-close-icon-color":p,"--n-close-icon-color-hover":m,"--n-close-icon-color-pressed":h,"--n-close-color-hover":g,"--n-close-color-pressed":_,"--n-border-color":l,"--n-box-shadow":x,"--n-padding-top":A,"--n-padding-bottom":M,"--n-padding-left":j,"--n-font-size":D,"--n-title-font-size":O,"--n-close-size":b,"--n-close-icon-size":y,"--n-close-border-radius":v}}),u=n?O(`card`,C(()=>c.value[0]),l,e):void 0;return{rtlEnabled:s,mergedClsPrefix:r,mergedTheme:o,handleCloseClick:t,cssVars:n?void 0:l,themeClass:u?.themeClass,onRender:u?.onRender}},render(){let{segmented:e,bordered:n,hoverable:r,mergedClsPrefix:i,rtlEnabled:a,onRender:o,embedded:s,tag:l,$slots:d}=this;return o?.(),u(),S(l,{class:E([`${i}-card`,this.themeClass,s&&`${i}-card--embedded`,{[`${i}-card--rtl`]:a,[`${i}-card--content-scrollable`]:this.contentScrollable,[`${i}-card--content${typeof e!=`boolean`&&e.content===`soft`?`-soft`:``}-segmented`]:e===!0||e!==!1&&e.content,[`${i}-card--footer${typeof e!=`boolean`&&e.footer===`soft`?`-soft`:``}-segmented`]:e===!0||e!==!1&&e.footer,[`${i}-card--action-segmented`]:e===!0||e!==!1&&e.action,[`${i}-card--bordered`]:n,[`${i}-card--hoverable`]:r}]),style:c(this.cssVars),role:this.role},{default:_(()=>[V(()=>D(d.cover,e=>{let n=this.cover?A([this.cover()]):e;return n&&(u(),t(`div`,{class:E(`${i}-card-cover`),role:`none`},[V(()=>n)],2))})),V(()=>D(d.header,e=>{let{title:n}=this,r=n?A(typeof n==`function`?[n()]:[n]):e;return r||this.closable?(u(),t(`div`,{key:1,class:E([`${i}-card-header`,this.headerClass]),style:c(this.headerStyle),role:`heading`},[f(`div`,{class:E(`${i}-card-header__main`),role:`heading`},[V(()=>r)],2),V(()=>D(d[`header-extra`],e=>{let n=this.headerExtra?A([this.headerExtra()]):e;return n&&(u(),t(`div`,{class:E([`${i}-card-header__extra`,this.headerExtraClass]),style:c(this.headerExtraStyle)},[V(()=>n)],6))})),V(()=>this.closable&&(u(),S(ve,{clsPrefix:i,class:E(`${i}-card-header__close`),onClick:this.handleCloseClick,focusable:this.closeFocusable,absolute:!0},null,8,[`clsPrefix`,`class`,`onClick`,`focusable`])))],6)):null})),V(()=>D(d.default,e=>{let{content:n}=this,r=n?A(typeof n==`function`?[n()]:[n]):e;return r?this.contentScrollable?(u(),S(ge,{key:2,class:E(`${i}-card__content-scrollbar`),contentClass:[`${i}-card-content`,this.contentClass],contentStyle:this.contentStyle},{default:()=>r},1032,[`class`,`contentClass`,`contentStyle`])):(u(),t(`div`,{key:3,class:E([`${i}-card-content`,this.contentClass]),style:c(this.contentStyle),role:`none`},[V(()=>r)],6)):null})),V(()=>D(d.footer,e=>{let n=this.footer?A([this.footer()]):e;return n&&(u(),t(`div`,{class:E([`${i}-card__footer`,this.footerClass]),style:c(this.footerStyle),role:`none`},[V(()=>n)],6))})),V(()=>D(d.action,e=>{let n=this.action?A([this.action()]):e;return n&&(u(),t(`div`,{class:E(`${i}-card__action`),role:`none`},[V(()=>n)],2))}))]),_:2},1032,[`class`,`style`,`role`])}}),dt=fe(`n-dialog-provider`);fe(`n-dialog-api`),fe(`n-dialog-reactive-list`);var ft={titleFontSize:`18px`,padding:`16px 28px 20px 28px`,iconSize:`28px`,actionSpace:`12px`,contentMargin:`8px 0 16px 0`,iconMargin:`0 4px 0 0`,iconMarginIconTop:`4px 0 8px 0`,closeSize:`22px`,closeIconSize:`18px`,closeMargin:`20px 26px 0 0`,closeMarginIconTop:`10px 16px 0 0`};function pt(e){let{textColor1:t,textColor2:n,modalColor:r,closeIconColor:i,closeIconColorHover:a,closeIconColorPressed:o,closeColorHover:s,closeColorPressed:c,infoColor:l,successColor:u,warningColor:d,errorColor:f,primaryColor:p,dividerColor:m,borderRadius:h,fontWeightStrong:g,lineHeight:_,fontSize:v}=e;return{...ft,fontSize:v,lineHeight:_,border:`1px solid ${m}`,titleTextColor:t,textColor:n,color:r,closeColorHover:s,closeColorPressed:c,closeIconColor:i,closeIconColorHover:a,closeIconColorPressed:o,closeBorderRadius:h,iconColor:p,iconColorInfo:l,iconColorSuccess:u,iconColorWarning:d,iconColorError:f,borderRadius:h,titleFontWeight:g}}var mt=re({name:`Dialog`,common:ae,peers:{Button:me},self:pt}),ht={icon:Function,type:{type:String,default:`default`},title:[String,Function],closable:{type:Boolean,default:!0},negativeText:String,positiveText:String,positiveButtonProps:Object,negativeButtonProps:Object,content:[String,Function],action:Function,showIcon:{type:Boolean,default:!0},loading:Boolean,bordered:Boolean,iconPlacement:String,titleClass:[String,Array],titleStyle:[String,Object],contentClass:[String,Array],contentStyle:[String,Object],actionClass:[String,Array],actionStyle:[String,Object],onPositiveClick:Function,onNegativeClick:Function,onClose:Function,closeFocusable:Boolean},gt=Re(ht),_t=I([L(`dialog`,`
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
 `,[P(`icon`,`
 color: var(--n-icon-color);
 `),U(`bordered`,`
 border: var(--n-border);
 `),U(`icon-top`,[P(`close`,`
 margin: var(--n-close-margin);
 `),P(`icon`,`
 margin: var(--n-icon-margin);
 `),P(`content`,`
 text-align: center;
 `),P(`title`,`
 justify-content: center;
 `),P(`action`,`
 justify-content: center;
 `)]),U(`icon-left`,[P(`icon`,`
 margin: var(--n-icon-margin);
 `),U(`closable`,[P(`title`,`
 padding-right: calc(var(--n-close-size) + 6px);
 `)])]),P(`close`,`
 position: absolute;
 right: 0;
 top: 0;
 margin: var(--n-close-margin);
 transition:
 background-color .3s var(--n-bezier),
 color .3s var(--n-bezier);
 z-index: 1;
 `),P(`content`,`
 font-size: var(--n-font-size);
 margin: var(--n-content-margin);
 position: relative;
 word-break: break-word;
 `,[U(`last`,`margin-bottom: 0;`)]),P(`action`,`
 display: flex;
 justify-content: flex-end;
 `,[I(`> *:not(:last-child)`,`
 margin-right: var(--n-action-space);
 `)]),P(`icon`,`
 font-size: var(--n-icon-size);
 transition: color .3s var(--n-bezier);
 `),P(`title`,`
 transition: color .3s var(--n-bezier);
 display: flex;
 align-items: center;
 font-size: var(--n-title-font-size);
 font-weight: var(--n-title-font-weight);
 color: var(--n-title-text-color);
 `),L(`dialog-icon-container`,`
 display: flex;
 justify-content: center;
 `)]),se(L(`dialog`,`
 width: 446px;
 max-width: calc(100vw - 32px);
 `)),L(`dialog`,[M(`
 width: 446px;
 max-width: calc(100vw - 32px);
 `)])]),vt={default:()=>(u(),S(qe)),info:()=>(u(),S(qe)),success:()=>(u(),S(Je)),warning:()=>(u(),S(Ye)),error:()=>(u(),S(Ke))},yt=s({name:`Dialog`,alias:[`NimbusConfirmCard`,`Confirm`],props:{...G.props,...ht},slots:Object,setup(e){let{mergedComponentPropsRef:t,mergedClsPrefixRef:n,inlineThemeDisabled:r,mergedRtlRef:i}=H(e),a=ie(`Dialog`,i,n),o=C(()=>{let{iconPlacement:n}=e;return n||t?.value?.Dialog?.iconPlacement||`left`});function s(t){let{onPositiveClick:n}=e;n&&n(t)}function c(t){let{onNegativeClick:n}=e;n&&n(t)}function l(){let{onClose:t}=e;t&&t()}let u=G(`Dialog`,`-dialog`,_t,mt,e,n),d=C(()=>{let{type:t}=e,n=o.value,{common:{cubicBezierEaseInOut:r},self:{fontSize:i,lineHeight:a,border:s,titleTextColor:c,textColor:l,color:d,closeBorderRadius:f,closeColorHover:p,closeColorPressed:m,closeIconColor:h,closeIconColorHover:g,closeIconColorPressed:_,closeIconSize:v,borderRadius:y,titleFontWeight:b,titleFontSize:x,padding:S,iconSize:C,actionSpace:w,contentMargin:T,closeSize:E,[n===`top`?`iconMarginIconTop`:`iconMargin`]:D,[n===`top`?`closeMarginIconTop`:`closeMargin`]:O,[R(`iconColor`,t)]:k}}=u.value,A=ce(D);return{"--n-font-size":i,"--n-icon-color":k,"--n-bezier":r,"--n-close-margin":O,"--n-icon-margin-top":A.top,"--n-icon-margin-right":A.right,"--n-icon-margin-bottom":A.bottom,"--n-icon-margin-left":A.left,"--n-icon-size":C,"--n-close-size":E,"--n-close-icon-size":v,"--n-close-border-radius":f,"--n-close-color-hover":p,"--n-close-color-pressed":m,"--n-close-icon-color":h,"--n-close-icon-color-hover":g,"--n-close-icon-color-pressed":_,"--n-color":d,"--n-text-color":l,"--n-border-radius":y,"--n-padding":S,"--n-line-height":a,"--n-border":s,"--n-content-margin":T,"--n-title-font-size":x,"--n-title-font-weight":b,"--n-title-text-color":c,"--n-action-space":w}}),f=r?O(`dialog`,C(()=>`${e.type[0]}${o.value[0]}`),d,e):void 0;return{mergedClsPrefix:n,rtlEnabled:a,mergedIconPlacement:o,mergedTheme:u,handlePositiveClick:s,handleNegativeClick:c,handleCloseClick:l,cssVars:r?void 0:d,themeClass:f?.themeClass,onRender:f?.onRender}},render(){let{bordered:e,mergedIconPlacement:n,cssVars:r,closable:a,showIcon:o,title:s,content:l,action:d,negativeText:p,positiveText:m,positiveButtonProps:g,negativeButtonProps:_,handlePositiveClick:v,handleNegativeClick:y,mergedTheme:b,loading:x,type:C,mergedClsPrefix:w}=this;this.onRender?.();let T=o?(u(),S(ee,{key:1,clsPrefix:w,class:E(`${w}-dialog__icon`)},{default:()=>D(this.$slots.icon,e=>e||(this.icon?q(this.icon):vt[this.type]()))},1032,[`clsPrefix`,`class`])):null,O=D(this.$slots.action,e=>e||m||p||d?(u(),t(`div`,{key:2,class:E([`${w}-dialog__action`,this.actionClass]),style:c(this.actionStyle)},[V(()=>e||(d?[q(d)]:[this.negativeText&&(u(),S(de,i({key:3,theme:b.peers.Button,themeOverrides:b.peerOverrides.Button,ghost:!0,size:`small`,onClick:y},_),{default:()=>q(this.negativeText)},1040,[`theme`,`themeOverrides`,`onClick`])),this.positiveText&&(u(),S(de,i({key:4,theme:b.peers.Button,themeOverrides:b.peerOverrides.Button,size:`small`,type:C==="default"?`primary`:C,disabled:x,loading:x,onClick:v},g),{default:()=>q(this.positiveText)},1040,[`theme`,`themeOverrides`,`type`,`disabled`,`loading`,`onClick`]))]))],6)):null);return u(),t(`div`,{class:E([`${w}-dialog`,this.themeClass,this.closable&&`${w}-dialog--closable`,`${w}-dialog--icon-${n}`,e&&`${w}-dialog--bordered`,this.rtlEnabled&&`${w}-dialog--rtl`]),style:c(r),role:`dialog`},[a?(u(),t(h,{key:0},[V(()=>D(this.$slots.close,e=>{let n=[`${w}-dialog__close`,this.rtlEnabled&&`${w}-dialog--rtl`];return e?(u(),t(`div`,{key:5,class:E(n)},[V(()=>e)],2)):(u(),S(ve,{key:6,focusable:this.closeFocusable,clsPrefix:w,class:E(n),onClick:this.handleCloseClick},null,8,[`focusable`,`clsPrefix`,`class`,`onClick`]))}))],64)):V(()=>null),o&&n===`top`?(u(),t(`div`,{key:2,class:E(`${w}-dialog-icon-container`)},[V(()=>T)],2)):V(()=>null),f(`div`,{class:E([`${w}-dialog__title`,this.titleClass]),style:c(this.titleStyle)},[o&&n===`left`?(u(),t(h,{key:0},[V(()=>T)],64)):V(()=>null),V(()=>ne(this.$slots.header,()=>[q(s)]))],6),f(`div`,{class:E([`${w}-dialog__content`,O?``:`${w}-dialog__content--last`,this.contentClass]),style:c(this.contentStyle)},[V(()=>ne(this.$slots.default,()=>[q(l)]))],6),V(()=>O)],6)}});function bt(e){let{modalColor:t,textColor2:n,boxShadow3:r}=e;return{color:t,textColor:n,boxShadow:r}}var xt=re({name:`Modal`,common:ae,peers:{Scrollbar:oe,Dialog:mt,Card:it},self:bt}),St=`n-draggable`;function Ct(e,t){let n,r=g(null),i=g(null),o=C(()=>e.value!==!1),s=C(()=>o.value?St:``),c=C(()=>{let t=e.value;return t===!0||t===!1||!t||t.bounds!==`none`});function u(e){let o=e.querySelector(`.${St}`);if(!o||!s.value)return;let l=0,u=0,d=0,f=0,p=0,m=0,h,g=null,_=null;function v(t){t.preventDefault(),h=t;let{x:n,y:a,right:o,bottom:s}=e.getBoundingClientRect();if(u=n,f=a,l=window.innerWidth-o,d=window.innerHeight-s,r.value!==null&&i.value!==null)m=r.value,p=i.value;else{let{left:t,top:n}=e.style;p=+n.slice(0,-2),m=+t.slice(0,-2)}}function y(){_&&=(r.value=_.x,i.value=_.y,null),g=null}function b(e){if(!h)return;let{clientX:t,clientY:n}=h,r=e.clientX-t,i=e.clientY-n;c.value&&(r>l?r=l:-r>u&&(r=-u),i>d?i=d:-i>f&&(i=-f)),_={x:r+m,y:i+p},g||=requestAnimationFrame(y)}function x(){h=void 0,g&&=(cancelAnimationFrame(g),null),_&&=(r.value=_.x,i.value=_.y,null),a(()=>{t.onEnd(e)})}N(`mousedown`,o,v),N(`mousemove`,window,b),N(`mouseup`,window,x),n=()=>{g&&cancelAnimationFrame(g),j(`mousedown`,o,v),j(`mousemove`,window,b),j(`mouseup`,window,x)}}function d(){n&&=(n(),void 0),r.value=null,i.value=null}return l(d),{stopDrag:d,startDrag:u,draggableRef:o,draggableClassRef:s,dragX:r,dragY:i}}var wt=g(!1);function Tt(){wt.value=!0}function Et(){wt.value=!1}var $=0;function Dt(){return pe&&(T(()=>{$||(window.addEventListener(`compositionstart`,Tt),window.addEventListener(`compositionend`,Et)),$++}),e(()=>{$<=1?(window.removeEventListener(`compositionstart`,Tt),window.removeEventListener(`compositionend`,Et),$=0):$--})),wt}var Ot={...st,...ht},kt=Re(Ot).filter(e=>e!==`onClose`&&e!==`onPositiveClick`&&e!==`onNegativeClick`),At=s({name:`ModalBody`,inheritAttrs:!1,slots:Object,props:{show:{type:Boolean,required:!0},preset:String,displayDirective:{type:String,required:!0},trapFocus:{type:Boolean,default:!0},autoFocus:{type:Boolean,default:!0},blockScroll:Boolean,draggable:{type:[Boolean,Object],default:!1},maskHidden:Boolean,...Ot,onClickoutside:{type:Function,required:!0},onBeforeLeave:{type:Function,required:!0},onAfterLeave:{type:Function,required:!0},onPositiveClick:{type:Function,required:!0},onNegativeClick:{type:Function,required:!0},onClose:{type:Function,required:!0},onAfterEnter:Function,onEsc:Function},setup(e){let t=g(null),r=g(null),i=g(e.show),s=g(null),c=g(null),l=o(je),u=null;m(w(e,`show`),e=>{e&&(u=l.getMousePosition())},{immediate:!0});let{stopDrag:d,startDrag:f,draggableRef:p,draggableClassRef:h,dragX:_,dragY:v}=Ct(w(e,`draggable`),{onEnd:e=>{T(e)}}),y=C(()=>x([e.titleClass,h.value])),b=C(()=>x([e.headerClass,h.value]));m(w(e,`show`),e=>{e&&(i.value=!0)}),tt(C(()=>e.blockScroll&&i.value));function S(){if(l.transformOriginRef.value===`center`)return``;let{value:e}=s,{value:t}=c;return e===null||t===null?``:r.value?`${e}px ${t+r.value.containerScrollTop}px`:``}function T(e){if(l.transformOriginRef.value===`center`||!u||!r.value)return;let t=r.value.containerScrollTop,{offsetLeft:n,offsetTop:i}=e,a=u.y,o=u.x;s.value=-(n-o),c.value=-(i-a-t),e.style.transformOrigin=S()}function E(e){a(()=>{T(e)})}function D(t){t.style.transformOrigin=S(),e.onBeforeLeave()}function O(t){let n=t;p.value&&f(n),e.onAfterEnter&&e.onAfterEnter(n)}function k(){i.value=!1,s.value=null,c.value=null,d(),e.onAfterLeave()}function A(){let{onClose:t}=e;t&&t()}function j(){e.onNegativeClick()}function M(){e.onPositiveClick()}let N=g(null);return m(N,e=>{e&&a(()=>{let n=e.el;n&&t.value!==n&&(t.value=n)})}),n(ke,t),n(Ae,null),n(_e,null),{mergedTheme:l.mergedThemeRef,appear:l.appearRef,isMounted:l.isMountedRef,mergedClsPrefix:l.mergedClsPrefixRef,bodyRef:t,scrollbarRef:r,draggableClass:h,displayed:i,childNodeRef:N,cardHeaderClass:b,dialogTitleClass:y,handlePositiveClick:M,handleNegativeClick:j,handleCloseClick:A,handleAfterEnter:O,handleAfterLeave:k,handleBeforeLeave:D,handleEnter:E,dragX:_,dragY:v}},render(){let{$slots:e,$attrs:n,handleEnter:r,handleAfterEnter:a,handleAfterLeave:o,handleBeforeLeave:s,preset:l,mergedClsPrefix:f,dragX:m,dragY:h}=this,g={...n};m!==null&&h!==null&&(g.style=c([g.style,{left:`${m}px`,top:`${h}px`}]));let _=null;if(!l){if(_=we(`default`,e.default,{draggableClass:this.draggableClass}),!_){he(`modal`,`default slot is empty`);return}_=b(_),_.props=i({class:`${f}-modal`},g,_.props||{})}return this.displayDirective===`show`||this.displayed||this.show?y((u(),t(`div`,{key:1,role:`none`,class:E([`${f}-modal-body-wrapper`,this.maskHidden&&`${f}-modal-body-wrapper--mask-hidden`])},[(u(),S(ge,{ref:`scrollbarRef`,theme:this.mergedTheme.peers.Scrollbar,themeOverrides:this.mergedTheme.peerOverrides.Scrollbar,contentClass:`${f}-modal-scroll-content`},{default:()=>(u(),S(Te,{disabled:!this.trapFocus||this.maskHidden,active:this.show,onEsc:this.onEsc,autoFocus:this.autoFocus},{default:()=>(u(),S(d,{name:`fade-in-scale-up-transition`,appear:this.appear??this.isMounted,onEnter:r,onAfterEnter:a,onAfterLeave:o,onBeforeLeave:s},{default:()=>{let t=[[p,this.show]];return t.push([Ce,this.onClickoutside,void 0,{capture:!0}]),y(this.preset===`confirm`||this.preset===`dialog`?(u(),S(yt,i({key:2},g,{class:[`${f}-modal`,g.class],ref:`bodyRef`,theme:this.mergedTheme.peers.Dialog,themeOverrides:this.mergedTheme.peerOverrides.Dialog},K(this.$props,gt),{titleClass:this.dialogTitleClass,"aria-modal":`true`}),W(e),1040,[`class`,`theme`,`themeOverrides`,`titleClass`])):this.preset===`card`?(u(),S(ut,i({key:3},g,{ref:`bodyRef`,class:[`${f}-modal`,g.class],theme:this.mergedTheme.peers.Card,themeOverrides:this.mergedTheme.peerOverrides.Card},K(this.$props,ct),{headerClass:this.cardHeaderClass,"aria-modal":`true`,role:`dialog`}),W(e),1040,[`class`,`theme`,`themeOverrides`,`headerClass`])):this.childNodeRef=_,t)}},1032,[`appear`,`onEnter`,`onAfterEnter`,`onAfterLeave`,`onBeforeLeave`]))},1032,[`disabled`,`active`,`onEsc`,`autoFocus`]))},1032,[`theme`,`themeOverrides`,`contentClass`]))],2)),[[p,this.displayDirective===`if`||this.displayed||this.show]]):null}}),jt=I([L(`modal-container`,`
 position: fixed;
 left: 0;
 top: 0;
 height: 0;
 width: 0;
 display: flex;
 `),L(`modal-mask`,`
 position: fixed;
 left: 0;
 right: 0;
 top: 0;
 bottom: 0;
 background-color: rgba(0, 0, 0, .4);
 `,[k({enterDuration:`.25s`,leaveDuration:`.25s`,enterCubicBezier:`var(--n-bezier-ease-out)`,leaveCubicBezier:`var(--n-bezier-ease-out)`})]),L(`modal-body-wrapper`,`
 position: fixed;
 left: 0;
 right: 0;
 top: 0;
 bottom: 0;
 overflow: visible;
 `,[L(`modal-scroll-content`,`
 min-height: 100%;
 display: flex;
 position: relative;
 `),U(`mask-hidden`,`pointer-events: none;`,[L(`modal-scroll-content`,[I(`> *`,`
 pointer-events: all;
 `)])])]),L(`modal`,`
 position: relative;
 align-self: center;
 color: var(--n-text-color);
 margin: auto;
 box-shadow: var(--n-box-shadow);
 `,[Ee({duration:`.25s`,enterScale:`.5`}),I(`.${St}`,`
 cursor: move;
 user-select: none;
 `)])]),Mt={...G.props,show:Boolean,showMask:{type:Boolean,default:!0},maskClosable:{type:Boolean,default:!0},preset:String,to:[String,Object],displayDirective:{type:String,default:`if`},transformOrigin:{type:String,default:`mouse`},zIndex:Number,autoFocus:{type:Boolean,default:!0},trapFocus:{type:Boolean,default:!0},closeOnEsc:{type:Boolean,default:!0},blockScroll:{type:Boolean,default:!0},...Ot,draggable:[Boolean,Object],onEsc:Function,"onUpdate:show":[Function,Array],onUpdateShow:[Function,Array],onAfterEnter:Function,onBeforeLeave:Function,onAfterLeave:Function,onClose:Function,onPositiveClick:Function,onNegativeClick:Function,onMaskClick:Function,internalDialog:Boolean,internalModal:Boolean,internalAppear:{type:Boolean,default:void 0},overlayStyle:[String,Object],onBeforeHide:Function,onAfterHide:Function,onHide:Function,unstableShowMask:{type:Boolean,default:void 0}},Nt=s({name:`Modal`,inheritAttrs:!1,props:Mt,slots:Object,setup(e){let t=g(null),{mergedClsPrefixRef:r,namespaceRef:i,inlineThemeDisabled:a}=H(e),s=G(`Modal`,`-modal`,jt,xt,e,r),c=Ge(64),l=Ve(),u=te(),d=e.internalDialog?o(dt,null):null,f=e.internalModal?o(ye,null):null,p=Dt();function m(t){let{onUpdateShow:n,"onUpdate:show":r,onHide:i}=e;n&&B(n,t),r&&B(r,t),i&&!t&&i(t)}function h(){let{onClose:t}=e;t?Promise.resolve(t()).then(e=>{e!==!1&&m(!1)}):m(!1)}function _(){let{onPositiveClick:t}=e;t?Promise.resolve(t()).then(e=>{e!==!1&&m(!1)}):m(!1)}function v(){let{onNegativeClick:t}=e;t?Promise.resolve(t()).then(e=>{e!==!1&&m(!1)}):m(!1)}function y(){let{onBeforeLeave:t,onBeforeHide:n}=e;t&&B(t),n&&n()}function b(){let{onAfterLeave:t,onAfterHide:n}=e;t&&B(t),n&&n()}function x(n){let{onMaskClick:r}=e;r&&r(n),e.maskClosable&&t.value?.contains(le(n))&&m(!1)}function S(t){e.onEsc?.(),e.show&&e.closeOnEsc&&Oe(t)&&(p.value||m(!1))}n(je,{getMousePosition:()=>{let e=d||f;if(e){let{clickedRef:t,clickedPositionRef:n}=e;if(t.value&&n.value)return n.value}return c.value?l.value:null},mergedClsPrefixRef:r,mergedThemeRef:s,isMountedRef:u,appearRef:w(e,`internalAppear`),transformOriginRef:w(e,`transformOrigin`)});let T=C(()=>{let{common:{cubicBezierEaseOut:e},self:{boxShadow:t,color:n,textColor:r}}=s.value;return{"--n-bezier-ease-out":e,"--n-box-shadow":t,"--n-color":n,"--n-text-color":r}}),E=a?O(`theme-class`,void 0,T,e):void 0;return{mergedClsPrefix:r,namespace:i,isMounted:u,containerRef:t,presetProps:C(()=>K(e,kt)),handleEsc:S,handleAfterLeave:b,handleClickoutside:x,handleBeforeLeave:y,doUpdateShow:m,handleNegativeClick:v,handlePositiveClick:_,handleCloseClick:h,cssVars:a?void 0:T,themeClass:E?.themeClass,onRender:E?.onRender}},render(){let{mergedClsPrefix:e}=this;return u(),S(De,{to:this.to,show:this.show},{default:()=>{this.onRender?.();let{showMask:n}=this;return y((u(),t(`div`,{role:`none`,ref:`containerRef`,class:E([`${e}-modal-container`,this.themeClass,this.namespace]),style:c(this.cssVars)},[n?(u(),S(d,{name:`fade-in-transition`,key:`mask`,appear:this.internalAppear??this.isMounted},{default:()=>this.show?(u(),t(`div`,{key:1,"aria-hidden":!0,class:E(`${e}-modal-mask`)},null,2)):null},1032,[`appear`])):V(()=>null),(u(),S(At,i({style:this.overlayStyle},this.$attrs,{ref:`bodyWrapper`,displayDirective:this.displayDirective,show:this.show,preset:this.preset,autoFocus:this.autoFocus,trapFocus:this.trapFocus,draggable:this.draggable,blockScroll:this.blockScroll,maskHidden:!n},this.presetProps,{onEsc:this.handleEsc,onClose:this.handleCloseClick,onNegativeClick:this.handleNegativeClick,onPositiveClick:this.handlePositiveClick,onBeforeLeave:this.handleBeforeLeave,onAfterEnter:this.onAfterEnter,onAfterLeave:this.handleAfterLeave,onClickoutside:this.handleClickoutside}),W(this.$slots),1040,[`style`,`displayDirective`,`show`,`preset`,`autoFocus`,`trapFocus`,`draggable`,`blockScroll`,`maskHidden`,`onEsc`,`onClose`,`onNegativeClick`,`onPositiveClick`,`onBeforeLeave`,`onAfterEnter`,`onAfterLeave`,`onClickoutside`]))],6)),[[be,{zIndex:this.zIndex,enabled:this.show}]])}},1032,[`to`,`show`])}});export{Le as a,rt as i,bt as n,pt as r,Nt as t};