import{i as oo,h as to,C as no,r as K,e as po,F as bo,c as Co,k as we,j as ro,m as xo,d as yo,p as wo,f as ko,L as So,l as zo,n as Po,z as Bo}from"./index-BCPGlLKU.js";import{P as ue,g as Re,k as g,h as y,an as io,l as E,i as w,ao as lo,ap as Ro,o as J,q as S,t as X,aq as U,v as P,x as Le,ak as ao,z as $e,B as oe,A as ae,Q as Lo,b as so,ar as $o,M as Ie,as as Ae,at as Mo,w as Fo,al as He,T as co,au as ke,ai as Eo}from"./connection-Cv107ozO.js";import{$ as de,r as _,U as Me,L as fe,e as R,G as To,y as se,d as re,o as s,f as B,w as uo,b as I,n as N,a as H,g as V,F as De,Q as Oo,C as Se,a4 as _o,s as ze,i as Pe,t as ne,p as ce,A as je,z as Io,j as Ao,M as Ho,H as Do}from"./_plugin-vue_export-helper-DqtZfUaJ.js";import{o as G,a as Q,r as ge,S as fo,e as go,I as jo,b as No,f as Xo,g as Yo}from"./replaceable-C_NpINUx.js";function Fe(e){return Object.keys(e)}const te=_(null);function Ne(e){if(e.clientX>0||e.clientY>0)te.value={x:e.clientX,y:e.clientY};else{const{target:t}=e;if(t instanceof Element){const{left:r,top:o,width:i,height:v}=t.getBoundingClientRect();r>0||o>0?te.value={x:r+i/2,y:o+v/2}:te.value={x:0,y:0}}else te.value=null}}let ie=0,Xe=!0;function Wo(){if(!oo)return de(_(null));ie===0&&G("click",document,Ne,!0);const e=()=>{ie+=1};return Xe&&(Xe=to())?(Me(e),fe(()=>{ie-=1,ie===0&&Q("click",document,Ne,!0)})):e(),de(te)}const Vo=_(void 0);let le=0;function Ye(){Vo.value=Date.now()}let We=!0;function qo(e){if(!oo)return de(_(!1));const t=_(!1);let r=null;function o(){r!==null&&window.clearTimeout(r)}function i(){o(),t.value=!0,r=window.setTimeout(()=>{t.value=!1},e)}le===0&&G("click",window,Ye,!0);const v=()=>{le+=1,G("click",window,i,!0)};return We&&(We=to())?(Me(v),fe(()=>{le-=1,le===0&&Q("click",window,Ye,!0),Q("click",window,i,!0),o()})):v(),de(t)}var Ko=ge("error",()=>(()=>{const e=ue("550229f72e94547c");return e[0]||(e[0]=R("svg",{viewBox:"0 0 48 48",version:"1.1",xmlns:"http://www.w3.org/2000/svg"},[R("g",{stroke:"none","stroke-width":"1","fill-rule":"evenodd"},[R("g",{"fill-rule":"nonzero"},[R("path",{d:"M24,4 C35.045695,4 44,12.954305 44,24 C44,35.045695 35.045695,44 24,44 C12.954305,44 4,35.045695 4,24 C4,12.954305 12.954305,4 24,4 Z M17.8838835,16.1161165 L17.7823881,16.0249942 C17.3266086,15.6583353 16.6733914,15.6583353 16.2176119,16.0249942 L16.1161165,16.1161165 L16.0249942,16.2176119 C15.6583353,16.6733914 15.6583353,17.3266086 16.0249942,17.7823881 L16.1161165,17.8838835 L22.233,24 L16.1161165,30.1161165 L16.0249942,30.2176119 C15.6583353,30.6733914 15.6583353,31.3266086 16.0249942,31.7823881 L16.1161165,31.8838835 L16.2176119,31.9750058 C16.6733914,32.3416647 17.3266086,32.3416647 17.7823881,31.9750058 L17.8838835,31.8838835 L24,25.767 L30.1161165,31.8838835 L30.2176119,31.9750058 C30.6733914,32.3416647 31.3266086,32.3416647 31.7823881,31.9750058 L31.8838835,31.8838835 L31.9750058,31.7823881 C32.3416647,31.3266086 32.3416647,30.6733914 31.9750058,30.2176119 L31.8838835,30.1161165 L25.767,24 L31.8838835,17.8838835 L31.9750058,17.7823881 C32.3416647,17.3266086 32.3416647,16.6733914 31.9750058,16.2176119 L31.8838835,16.1161165 L31.7823881,16.0249942 C31.3266086,15.6583353 30.6733914,15.6583353 30.2176119,16.0249942 L30.1161165,16.1161165 L24,22.233 L17.8838835,16.1161165 L17.7823881,16.0249942 L17.8838835,16.1161165 Z"})])])],-1))})()),Ve=ge("info",()=>(()=>{const e=ue("1d7d3032c5ab60");return e[0]||(e[0]=R("svg",{viewBox:"0 0 28 28",version:"1.1",xmlns:"http://www.w3.org/2000/svg"},[R("g",{stroke:"none","stroke-width":"1","fill-rule":"evenodd"},[R("g",{"fill-rule":"nonzero"},[R("path",{d:"M14,2 C20.6274,2 26,7.37258 26,14 C26,20.6274 20.6274,26 14,26 C7.37258,26 2,20.6274 2,14 C2,7.37258 7.37258,2 14,2 Z M14,11 C13.4477,11 13,11.4477 13,12 L13,12 L13,20 C13,20.5523 13.4477,21 14,21 C14.5523,21 15,20.5523 15,20 L15,20 L15,12 C15,11.4477 14.5523,11 14,11 Z M14,6.75 C13.3096,6.75 12.75,7.30964 12.75,8 C12.75,8.69036 13.3096,9.25 14,9.25 C14.6904,9.25 15.25,8.69036 15.25,8 C15.25,7.30964 14.6904,6.75 14,6.75 Z"})])])],-1))})()),Uo=ge("success",()=>(()=>{const e=ue("2d4548faff86b4af");return e[0]||(e[0]=R("svg",{viewBox:"0 0 48 48",version:"1.1",xmlns:"http://www.w3.org/2000/svg"},[R("g",{stroke:"none","stroke-width":"1","fill-rule":"evenodd"},[R("g",{"fill-rule":"nonzero"},[R("path",{d:"M24,4 C35.045695,4 44,12.954305 44,24 C44,35.045695 35.045695,44 24,44 C12.954305,44 4,35.045695 4,24 C4,12.954305 12.954305,4 24,4 Z M32.6338835,17.6161165 C32.1782718,17.1605048 31.4584514,17.1301307 30.9676119,17.5249942 L30.8661165,17.6161165 L20.75,27.732233 L17.1338835,24.1161165 C16.6457281,23.6279612 15.8542719,23.6279612 15.3661165,24.1161165 C14.9105048,24.5717282 14.8801307,25.2915486 15.2749942,25.7823881 L15.3661165,25.8838835 L19.8661165,30.3838835 C20.3217282,30.8394952 21.0415486,30.8698693 21.5323881,30.4750058 L21.6338835,30.3838835 L32.6338835,19.3838835 C33.1220388,18.8957281 33.1220388,18.1042719 32.6338835,17.6161165 Z"})])])],-1))})()),Zo=ge("warning",()=>(()=>{const e=ue("eb9505c3181fdf04");return e[0]||(e[0]=R("svg",{viewBox:"0 0 24 24",version:"1.1",xmlns:"http://www.w3.org/2000/svg"},[R("g",{stroke:"none","stroke-width":"1","fill-rule":"evenodd"},[R("g",{"fill-rule":"nonzero"},[R("path",{d:"M12,2 C17.523,2 22,6.478 22,12 C22,17.522 17.523,22 12,22 C6.477,22 2,17.522 2,12 C2,6.478 6.477,2 12,2 Z M12.0018002,15.0037242 C11.450254,15.0037242 11.0031376,15.4508407 11.0031376,16.0023869 C11.0031376,16.553933 11.450254,17.0010495 12.0018002,17.0010495 C12.5533463,17.0010495 13.0004628,16.553933 13.0004628,16.0023869 C13.0004628,15.4508407 12.5533463,15.0037242 12.0018002,15.0037242 Z M11.99964,7 C11.4868042,7.00018474 11.0642719,7.38637706 11.0066858,7.8837365 L11,8.00036004 L11.0018003,13.0012393 L11.00857,13.117858 C11.0665141,13.6151758 11.4893244,14.0010638 12.0021602,14.0008793 C12.514996,14.0006946 12.9375283,13.6145023 12.9951144,13.1171428 L13.0018002,13.0005193 L13,7.99964009 L12.9932303,7.8830214 C12.9352861,7.38570354 12.5124758,6.99981552 11.99964,7 Z"})])])],-1))})());let Z=0,qe="",Ke="",Ue="",Ze="";const Ge=_("0px");function Go(e){if(typeof document>"u")return;const t=document.documentElement;let r,o=!1;const i=()=>{t.style.marginRight=qe,t.style.overflow=Ke,t.style.overflowX=Ue,t.style.overflowY=Ze,Ge.value="0px"};To(()=>{r=se(e,v=>{if(v){if(!Z){const c=window.innerWidth-t.offsetWidth;c>0&&(qe=t.style.marginRight,t.style.marginRight=`${c}px`,Ge.value=`${c}px`),Ke=t.style.overflow,Ue=t.style.overflowX,Ze=t.style.overflowY,t.style.overflow="hidden",t.style.overflowX="hidden",t.style.overflowY="hidden"}o=!0,Z++}else Z--,Z||i(),o=!1},{immediate:!0})}),fe(()=>{r?.(),o&&(Z--,Z||i(),o=!1)})}var Qo={paddingSmall:"12px 16px 12px",paddingMedium:"19px 24px 20px",paddingLarge:"23px 32px 24px",paddingHuge:"27px 40px 28px",titleFontSizeSmall:"16px",titleFontSizeMedium:"18px",titleFontSizeLarge:"18px",titleFontSizeHuge:"18px",closeIconSize:"18px",closeSize:"22px"};function Jo(e){const{primaryColor:t,borderRadius:r,lineHeight:o,fontSize:i,cardColor:v,textColor2:c,textColor1:p,dividerColor:C,fontWeightStrong:h,closeIconColor:n,closeIconColorHover:l,closeIconColorPressed:u,closeColorHover:b,closeColorPressed:x,modalColor:L,boxShadow1:$,popoverColor:d,actionColor:z}=e;return{...Qo,lineHeight:o,color:v,colorModal:L,colorPopover:d,colorTarget:t,colorEmbedded:z,colorEmbeddedModal:z,colorEmbeddedPopover:z,textColor:c,titleTextColor:p,borderColor:C,actionColor:z,titleFontWeight:h,closeColorHover:b,closeColorPressed:x,closeBorderRadius:r,closeIconColor:n,closeIconColorHover:l,closeIconColorPressed:u,fontSizeSmall:i,fontSizeMedium:i,fontSizeLarge:i,fontSizeHuge:i,boxShadow:$,borderRadius:r}}const vo={name:"Card",common:Re,self:Jo},Qe=y("card-content",`
 flex: 1;
 min-width: 0;
 box-sizing: border-box;
 padding: 0 var(--n-padding-left) var(--n-padding-bottom) var(--n-padding-left);
 font-size: var(--n-font-size);
`);var et=g([y("card",`
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
 `,[io({background:"var(--n-color-modal)"}),E("hoverable",[g("&:hover","box-shadow: var(--n-box-shadow);")]),E("content-segmented",[g(">",[y("card-content",`
 padding-top: var(--n-padding-bottom);
 `),w("content-scrollbar",[g(">",[y("scrollbar-container",[g(">",[y("card-content",`
 padding-top: var(--n-padding-bottom);
 `)])])])])])]),E("content-soft-segmented",[g(">",[y("card-content",`
 margin: 0 var(--n-padding-left);
 padding: var(--n-padding-bottom) 0;
 `),w("content-scrollbar",[g(">",[y("scrollbar-container",[g(">",[y("card-content",`
 margin: 0 var(--n-padding-left);
 padding: var(--n-padding-bottom) 0;
 `)])])])])])]),E("footer-segmented",[g(">",[w("footer",`
 padding-top: var(--n-padding-bottom);
 `)])]),E("footer-soft-segmented",[g(">",[w("footer",`
 padding: var(--n-padding-bottom) 0;
 margin: 0 var(--n-padding-left);
 `)])]),g(">",[y("card-header",`
 box-sizing: border-box;
 display: flex;
 align-items: center;
 font-size: var(--n-title-font-size);
 padding:
 var(--n-padding-top)
 var(--n-padding-left)
 var(--n-padding-bottom)
 var(--n-padding-left);
 `,[w("main",`
 font-weight: var(--n-title-font-weight);
 transition: color .3s var(--n-bezier);
 flex: 1;
 min-width: 0;
 color: var(--n-title-text-color);
 `),w("extra",`
 display: flex;
 align-items: center;
 font-size: var(--n-font-size);
 font-weight: 400;
 transition: color .3s var(--n-bezier);
 color: var(--n-text-color);
 `),w("close",`
 margin: 0 0 0 8px;
 transition:
 background-color .3s var(--n-bezier),
 color .3s var(--n-bezier);
 `)]),w("action",`
 box-sizing: border-box;
 transition:
 background-color .3s var(--n-bezier),
 border-color .3s var(--n-bezier);
 background-clip: padding-box;
 background-color: var(--n-action-color);
 `),Qe,y("card-content",[g("&:first-child",`
 padding-top: var(--n-padding-bottom);
 `)]),w("content-scrollbar",`
 display: flex;
 flex-direction: column;
 `,[g(">",[y("scrollbar-container",[g(">",[Qe])])]),g("&:first-child >",[y("scrollbar-container",[g(">",[y("card-content",`
 padding-top: var(--n-padding-bottom);
 `)])])])]),w("footer",`
 box-sizing: border-box;
 padding: 0 var(--n-padding-left) var(--n-padding-bottom) var(--n-padding-left);
 font-size: var(--n-font-size);
 `,[g("&:first-child",`
 padding-top: var(--n-padding-bottom);
 `)]),w("action",`
 background-color: var(--n-action-color);
 padding: var(--n-padding-bottom) var(--n-padding-left);
 border-bottom-left-radius: var(--n-border-radius);
 border-bottom-right-radius: var(--n-border-radius);
 `)]),y("card-cover",`
 overflow: hidden;
 width: 100%;
 border-radius: var(--n-border-radius) var(--n-border-radius) 0 0;
 `,[g("img",`
 display: block;
 width: 100%;
 `)]),E("bordered",`
 border: 1px solid var(--n-border-color);
 `,[g("&:target","border-color: var(--n-color-target);")]),E("action-segmented",[g(">",[w("action",[g("&:not(:first-child)",`
 border-top: 1px solid var(--n-border-color);
 `)])])]),E("content-segmented, content-soft-segmented",[g(">",[y("card-content",`
 transition: border-color 0.3s var(--n-bezier);
 `,[g("&:not(:first-child)",`
 border-top: 1px solid var(--n-border-color);
 `)]),w("content-scrollbar",`
 transition: border-color 0.3s var(--n-bezier);
 `,[g("&:not(:first-child)",`
 border-top: 1px solid var(--n-border-color);
 `)])])]),E("footer-segmented, footer-soft-segmented",[g(">",[w("footer",`
 transition: border-color 0.3s var(--n-bezier);
 `,[g("&:not(:first-child)",`
 border-top: 1px solid var(--n-border-color);
 `)])])]),E("embedded",`
 background-color: var(--n-color-embedded);
 `)]),lo(y("card",`
 background: var(--n-color-modal);
 `,[E("embedded",`
 background-color: var(--n-color-embedded-modal);
 `)])),Ro(y("card",`
 background: var(--n-color-popover);
 `,[E("embedded",`
 background-color: var(--n-color-embedded-popover);
 `)]))]);const Ee={title:[String,Function],contentClass:String,contentStyle:[Object,String],contentScrollable:Boolean,headerClass:String,headerStyle:[Object,String],headerExtraClass:String,headerExtraStyle:[Object,String],footerClass:String,footerStyle:[Object,String],embedded:Boolean,segmented:{type:[Boolean,Object],default:!1},size:String,bordered:{type:Boolean,default:!0},closable:Boolean,hoverable:Boolean,role:String,onClose:[Function,Array],tag:{type:String,default:"div"},cover:Function,content:[String,Function],footer:Function,action:Function,headerExtra:Function,closeFocusable:Boolean},ot=Fe(Ee),tt={...J.props,...Ee};var nt=re({name:"Card",props:tt,slots:Object,setup(e){const t=()=>{const{onClose:l}=e;l&&oe(l)},{inlineThemeDisabled:r,mergedClsPrefixRef:o,mergedRtlRef:i,mergedComponentPropsRef:v}=Le(e),c=J("Card","-card",et,vo,e,o),p=ao("Card",i,o),C=H(()=>e.size||v?.value?.Card?.size||"medium"),h=H(()=>{const l=C.value,{self:{color:u,colorModal:b,colorTarget:x,textColor:L,titleTextColor:$,titleFontWeight:d,borderColor:z,actionColor:M,borderRadius:k,lineHeight:A,closeIconColor:a,closeIconColorHover:m,closeIconColorPressed:O,closeColorHover:T,closeColorPressed:f,closeBorderRadius:F,closeIconSize:D,closeSize:j,boxShadow:Y,colorPopover:W,colorEmbedded:ve,colorEmbeddedModal:he,colorEmbeddedPopover:me,[ae("padding",l)]:pe,[ae("fontSize",l)]:be,[ae("titleFontSize",l)]:Ce},common:{cubicBezierEaseInOut:xe}}=c.value,{top:ye,left:q,bottom:mo}=go(pe);return{"--n-bezier":xe,"--n-border-radius":k,"--n-color":u,"--n-color-modal":b,"--n-color-popover":W,"--n-color-embedded":ve,"--n-color-embedded-modal":he,"--n-color-embedded-popover":me,"--n-color-target":x,"--n-text-color":L,"--n-line-height":A,"--n-action-color":M,"--n-title-text-color":$,"--n-title-font-weight":d,"--n-close-icon-color":a,"--n-close-icon-color-hover":m,"--n-close-icon-color-pressed":O,"--n-close-color-hover":T,"--n-close-color-pressed":f,"--n-border-color":z,"--n-box-shadow":Y,"--n-padding-top":ye,"--n-padding-bottom":mo,"--n-padding-left":q,"--n-font-size":be,"--n-title-font-size":Ce,"--n-close-size":j,"--n-close-icon-size":D,"--n-close-border-radius":F}}),n=r?$e("card",H(()=>C.value[0]),h,e):void 0;return{rtlEnabled:p,mergedClsPrefix:o,mergedTheme:c,handleCloseClick:t,cssVars:r?void 0:h,themeClass:n?.themeClass,onRender:n?.onRender}},render(){const{segmented:e,bordered:t,hoverable:r,mergedClsPrefix:o,rtlEnabled:i,onRender:v,embedded:c,tag:p,$slots:C}=this;return v?.(),s(),B(p,{class:P([`${o}-card`,this.themeClass,c&&`${o}-card--embedded`,{[`${o}-card--rtl`]:i,[`${o}-card--content-scrollable`]:this.contentScrollable,[`${o}-card--content${typeof e!="boolean"&&e.content==="soft"?"-soft":""}-segmented`]:e===!0||e!==!1&&e.content,[`${o}-card--footer${typeof e!="boolean"&&e.footer==="soft"?"-soft":""}-segmented`]:e===!0||e!==!1&&e.footer,[`${o}-card--action-segmented`]:e===!0||e!==!1&&e.action,[`${o}-card--bordered`]:t,[`${o}-card--hoverable`]:r}]),style:N(this.cssVars),role:this.role},{default:uo(()=>[S(()=>X(C.cover,h=>{const n=this.cover?U([this.cover()]):h;return n&&(s(),I("div",{class:P(`${o}-card-cover`),role:"none"},[S(()=>n)],2))})),S(()=>X(C.header,h=>{const{title:n}=this,l=n?U(typeof n=="function"?[n()]:[n]):h;return l||this.closable?(s(),I("div",{key:1,class:P([`${o}-card-header`,this.headerClass]),style:N(this.headerStyle),role:"heading"},[R("div",{class:P(`${o}-card-header__main`),role:"heading"},[S(()=>l)],2),S(()=>X(C["header-extra"],u=>{const b=this.headerExtra?U([this.headerExtra()]):u;return b&&(s(),I("div",{class:P([`${o}-card-header__extra`,this.headerExtraClass]),style:N(this.headerExtraStyle)},[S(()=>b)],6))})),S(()=>this.closable&&(s(),B(no,{clsPrefix:o,class:P(`${o}-card-header__close`),onClick:this.handleCloseClick,focusable:this.closeFocusable,absolute:!0},null,8,["clsPrefix","class","onClick","focusable"])))],6)):null})),S(()=>X(C.default,h=>{const{content:n}=this,l=n?U(typeof n=="function"?[n()]:[n]):h;return l?this.contentScrollable?(s(),B(fo,{key:2,class:P(`${o}-card__content-scrollbar`),contentClass:[`${o}-card-content`,this.contentClass],contentStyle:this.contentStyle},{default:()=>l},1032,["class","contentClass","contentStyle"])):(s(),I("div",{key:3,class:P([`${o}-card-content`,this.contentClass]),style:N(this.contentStyle),role:"none"},[S(()=>l)],6)):null})),S(()=>X(C.footer,h=>{const n=this.footer?U([this.footer()]):h;return n&&(s(),I("div",{class:P([`${o}-card__footer`,this.footerClass]),style:N(this.footerStyle),role:"none"},[S(()=>n)],6))})),S(()=>X(C.action,h=>{const n=this.action?U([this.action()]):h;return n&&(s(),I("div",{class:P(`${o}-card__action`),role:"none"},[S(()=>n)],2))}))]),_:2},1032,["class","style","role"])}});const rt=Lo("n-dialog-provider");var it={titleFontSize:"18px",padding:"16px 28px 20px 28px",iconSize:"28px",actionSpace:"12px",contentMargin:"8px 0 16px 0",iconMargin:"0 4px 0 0",iconMarginIconTop:"4px 0 8px 0",closeSize:"22px",closeIconSize:"18px",closeMargin:"20px 26px 0 0",closeMarginIconTop:"10px 16px 0 0"};function lt(e){const{textColor1:t,textColor2:r,modalColor:o,closeIconColor:i,closeIconColorHover:v,closeIconColorPressed:c,closeColorHover:p,closeColorPressed:C,infoColor:h,successColor:n,warningColor:l,errorColor:u,primaryColor:b,dividerColor:x,borderRadius:L,fontWeightStrong:$,lineHeight:d,fontSize:z}=e;return{...it,fontSize:z,lineHeight:d,border:`1px solid ${x}`,titleTextColor:t,textColor:r,color:o,closeColorHover:p,closeColorPressed:C,closeIconColor:i,closeIconColorHover:v,closeIconColorPressed:c,closeBorderRadius:L,iconColor:b,iconColorInfo:h,iconColorSuccess:n,iconColorWarning:l,iconColorError:u,borderRadius:L,titleFontWeight:$}}const ho=so({name:"Dialog",common:Re,peers:{Button:$o},self:lt}),Te={icon:Function,type:{type:String,default:"default"},title:[String,Function],closable:{type:Boolean,default:!0},negativeText:String,positiveText:String,positiveButtonProps:Object,negativeButtonProps:Object,content:[String,Function],action:Function,showIcon:{type:Boolean,default:!0},loading:Boolean,bordered:Boolean,iconPlacement:String,titleClass:[String,Array],titleStyle:[String,Object],contentClass:[String,Array],contentStyle:[String,Object],actionClass:[String,Array],actionStyle:[String,Object],onPositiveClick:Function,onNegativeClick:Function,onClose:Function,closeFocusable:Boolean},at=Fe(Te);var st=g([y("dialog",`
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
 `,[w("icon",`
 color: var(--n-icon-color);
 `),E("bordered",`
 border: var(--n-border);
 `),E("icon-top",[w("close",`
 margin: var(--n-close-margin);
 `),w("icon",`
 margin: var(--n-icon-margin);
 `),w("content",`
 text-align: center;
 `),w("title",`
 justify-content: center;
 `),w("action",`
 justify-content: center;
 `)]),E("icon-left",[w("icon",`
 margin: var(--n-icon-margin);
 `),E("closable",[w("title",`
 padding-right: calc(var(--n-close-size) + 6px);
 `)])]),w("close",`
 position: absolute;
 right: 0;
 top: 0;
 margin: var(--n-close-margin);
 transition:
 background-color .3s var(--n-bezier),
 color .3s var(--n-bezier);
 z-index: 1;
 `),w("content",`
 font-size: var(--n-font-size);
 margin: var(--n-content-margin);
 position: relative;
 word-break: break-word;
 `,[E("last","margin-bottom: 0;")]),w("action",`
 display: flex;
 justify-content: flex-end;
 `,[g("> *:not(:last-child)",`
 margin-right: var(--n-action-space);
 `)]),w("icon",`
 font-size: var(--n-icon-size);
 transition: color .3s var(--n-bezier);
 `),w("title",`
 transition: color .3s var(--n-bezier);
 display: flex;
 align-items: center;
 font-size: var(--n-title-font-size);
 font-weight: var(--n-title-font-weight);
 color: var(--n-title-text-color);
 `),y("dialog-icon-container",`
 display: flex;
 justify-content: center;
 `)]),lo(y("dialog",`
 width: 446px;
 max-width: calc(100vw - 32px);
 `)),y("dialog",[io(`
 width: 446px;
 max-width: calc(100vw - 32px);
 `)])]);const ct={default:()=>(s(),B(Ve)),info:()=>(s(),B(Ve)),success:()=>(s(),B(Uo)),warning:()=>(s(),B(Zo)),error:()=>(s(),B(Ko))},dt=re({name:"Dialog",alias:["NimbusConfirmCard","Confirm"],props:{...J.props,...Te},slots:Object,setup(e){const{mergedComponentPropsRef:t,mergedClsPrefixRef:r,inlineThemeDisabled:o,mergedRtlRef:i}=Le(e),v=ao("Dialog",i,r),c=H(()=>{const{iconPlacement:b}=e;return b||t?.value?.Dialog?.iconPlacement||"left"});function p(b){const{onPositiveClick:x}=e;x&&x(b)}function C(b){const{onNegativeClick:x}=e;x&&x(b)}function h(){const{onClose:b}=e;b&&b()}const n=J("Dialog","-dialog",st,ho,e,r),l=H(()=>{const{type:b}=e,x=c.value,{common:{cubicBezierEaseInOut:L},self:{fontSize:$,lineHeight:d,border:z,titleTextColor:M,textColor:k,color:A,closeBorderRadius:a,closeColorHover:m,closeColorPressed:O,closeIconColor:T,closeIconColorHover:f,closeIconColorPressed:F,closeIconSize:D,borderRadius:j,titleFontWeight:Y,titleFontSize:W,padding:ve,iconSize:he,actionSpace:me,contentMargin:pe,closeSize:be,[x==="top"?"iconMarginIconTop":"iconMargin"]:Ce,[x==="top"?"closeMarginIconTop":"closeMargin"]:xe,[ae("iconColor",b)]:ye}}=n.value,q=go(Ce);return{"--n-font-size":$,"--n-icon-color":ye,"--n-bezier":L,"--n-close-margin":xe,"--n-icon-margin-top":q.top,"--n-icon-margin-right":q.right,"--n-icon-margin-bottom":q.bottom,"--n-icon-margin-left":q.left,"--n-icon-size":he,"--n-close-size":be,"--n-close-icon-size":D,"--n-close-border-radius":a,"--n-close-color-hover":m,"--n-close-color-pressed":O,"--n-close-icon-color":T,"--n-close-icon-color-hover":f,"--n-close-icon-color-pressed":F,"--n-color":A,"--n-text-color":k,"--n-border-radius":j,"--n-padding":ve,"--n-line-height":d,"--n-border":z,"--n-content-margin":pe,"--n-title-font-size":W,"--n-title-font-weight":Y,"--n-title-text-color":M,"--n-action-space":me}}),u=o?$e("dialog",H(()=>`${e.type[0]}${c.value[0]}`),l,e):void 0;return{mergedClsPrefix:r,rtlEnabled:v,mergedIconPlacement:c,mergedTheme:n,handlePositiveClick:p,handleNegativeClick:C,handleCloseClick:h,cssVars:o?void 0:l,themeClass:u?.themeClass,onRender:u?.onRender}},render(){const{bordered:e,mergedIconPlacement:t,cssVars:r,closable:o,showIcon:i,title:v,content:c,action:p,negativeText:C,positiveText:h,positiveButtonProps:n,negativeButtonProps:l,handlePositiveClick:u,handleNegativeClick:b,mergedTheme:x,loading:L,type:$,mergedClsPrefix:d}=this;this.onRender?.();const z=i?(s(),B(jo,{key:1,clsPrefix:d,class:P(`${d}-dialog__icon`)},{default:()=>X(this.$slots.icon,k=>k||(this.icon?K(this.icon):ct[this.type]()))},1032,["clsPrefix","class"])):null,M=X(this.$slots.action,k=>k||h||C||p?(s(),I("div",{key:2,class:P([`${d}-dialog__action`,this.actionClass]),style:N(this.actionStyle)},[S(()=>k||(p?[K(p)]:[this.negativeText&&(s(),B(Ie,V({key:3,theme:x.peers.Button,themeOverrides:x.peerOverrides.Button,ghost:!0,size:"small",onClick:b},l),{default:()=>K(this.negativeText)},1040,["theme","themeOverrides","onClick"])),this.positiveText&&(s(),B(Ie,V({key:4,theme:x.peers.Button,themeOverrides:x.peerOverrides.Button,size:"small",type:$==="default"?"primary":$,disabled:L,loading:L,onClick:u},n),{default:()=>K(this.positiveText)},1040,["theme","themeOverrides","type","disabled","loading","onClick"]))]))],6)):null);return s(),I("div",{class:P([`${d}-dialog`,this.themeClass,this.closable&&`${d}-dialog--closable`,`${d}-dialog--icon-${t}`,e&&`${d}-dialog--bordered`,this.rtlEnabled&&`${d}-dialog--rtl`]),style:N(r),role:"dialog"},[o?(s(),I(De,{key:0},[S(()=>X(this.$slots.close,k=>{const A=[`${d}-dialog__close`,this.rtlEnabled&&`${d}-dialog--rtl`];return k?(s(),I("div",{key:5,class:P(A)},[S(()=>k)],2)):(s(),B(no,{key:6,focusable:this.closeFocusable,clsPrefix:d,class:P(A),onClick:this.handleCloseClick},null,8,["focusable","clsPrefix","class","onClick"]))}))],64)):S(()=>null),i&&t==="top"?(s(),I("div",{key:2,class:P(`${d}-dialog-icon-container`)},[S(()=>z)],2)):S(()=>null),R("div",{class:P([`${d}-dialog__title`,this.titleClass]),style:N(this.titleStyle)},[i&&t==="left"?(s(),I(De,{key:0},[S(()=>z)],64)):S(()=>null),S(()=>Ae(this.$slots.header,()=>[K(v)]))],6),R("div",{class:P([`${d}-dialog__content`,M?"":`${d}-dialog__content--last`,this.contentClass]),style:N(this.contentStyle)},[S(()=>Ae(this.$slots.default,()=>[K(c)]))],6),S(()=>M)],6)}});function ut(e){const{modalColor:t,textColor2:r,boxShadow3:o}=e;return{color:t,textColor:r,boxShadow:o}}const ft=so({name:"Modal",common:Re,peers:{Scrollbar:No,Dialog:ho,Card:vo},self:ut}),Be="n-draggable";function gt(e,t){let r;const o=_(null),i=_(null),v=H(()=>e.value!==!1),c=H(()=>v.value?Be:""),p=H(()=>{const n=e.value;return n===!0||n===!1?!0:n?n.bounds!=="none":!0});function C(n){const l=n.querySelector(`.${Be}`);if(!l||!c.value)return;let u=0,b=0,x=0,L=0,$=0,d=0,z,M=null,k=null;function A(T){T.preventDefault(),z=T;const{x:f,y:F,right:D,bottom:j}=n.getBoundingClientRect();if(b=f,L=F,u=window.innerWidth-D,x=window.innerHeight-j,o.value!==null&&i.value!==null)d=o.value,$=i.value;else{const{left:Y,top:W}=n.style;$=+W.slice(0,-2),d=+Y.slice(0,-2)}}function a(){k&&(o.value=k.x,i.value=k.y,k=null),M=null}function m(T){if(!z)return;const{clientX:f,clientY:F}=z;let D=T.clientX-f,j=T.clientY-F;p.value&&(D>u?D=u:-D>b&&(D=-b),j>x?j=x:-j>L&&(j=-L)),k={x:D+d,y:j+$},M||(M=requestAnimationFrame(a))}function O(){z=void 0,M&&(cancelAnimationFrame(M),M=null),k&&(o.value=k.x,i.value=k.y,k=null),Se(()=>{t.onEnd(n)})}G("mousedown",l,A),G("mousemove",window,m),G("mouseup",window,O),r=()=>{M&&cancelAnimationFrame(M),Q("mousedown",l,A),Q("mousemove",window,m),Q("mouseup",window,O)}}function h(){r&&(r(),r=void 0),o.value=null,i.value=null}return Oo(h),{stopDrag:h,startDrag:C,draggableRef:v,draggableClassRef:c,dragX:o,dragY:i}}const Oe=_(!1);function Je(){Oe.value=!0}function eo(){Oe.value=!1}let ee=0;function vt(){return Mo&&(Me(()=>{ee||(window.addEventListener("compositionstart",Je),window.addEventListener("compositionend",eo)),ee++}),fe(()=>{ee<=1?(window.removeEventListener("compositionstart",Je),window.removeEventListener("compositionend",eo),ee=0):ee--})),Oe}const _e={...Ee,...Te},ht=Fe(_e),mt=ht.filter(e=>e!=="onClose"&&e!=="onPositiveClick"&&e!=="onNegativeClick");var pt=re({name:"ModalBody",inheritAttrs:!1,slots:Object,props:{show:{type:Boolean,required:!0},preset:String,displayDirective:{type:String,required:!0},trapFocus:{type:Boolean,default:!0},autoFocus:{type:Boolean,default:!0},blockScroll:Boolean,draggable:{type:[Boolean,Object],default:!1},maskHidden:Boolean,..._e,onClickoutside:{type:Function,required:!0},onBeforeLeave:{type:Function,required:!0},onAfterLeave:{type:Function,required:!0},onPositiveClick:{type:Function,required:!0},onNegativeClick:{type:Function,required:!0},onClose:{type:Function,required:!0},onAfterEnter:Function,onEsc:Function},setup(e){const t=_(null),r=_(null),o=_(e.show),i=_(null),v=_(null),c=Pe(ro);let p=null;se(ne(e,"show"),f=>{f&&(p=c.getMousePosition())},{immediate:!0});const{stopDrag:C,startDrag:h,draggableRef:n,draggableClassRef:l,dragX:u,dragY:b}=gt(ne(e,"draggable"),{onEnd:f=>{d(f)}}),x=H(()=>je([e.titleClass,l.value])),L=H(()=>je([e.headerClass,l.value]));se(ne(e,"show"),f=>{f&&(o.value=!0)}),Go(H(()=>e.blockScroll&&o.value));function $(){if(c.transformOriginRef.value==="center")return"";const{value:f}=i,{value:F}=v;return f===null||F===null?"":r.value?`${f}px ${F+r.value.containerScrollTop}px`:""}function d(f){if(c.transformOriginRef.value==="center"||!p||!r.value)return;const F=r.value.containerScrollTop,{offsetLeft:D,offsetTop:j}=f,Y=p.y,W=p.x;i.value=-(D-W),v.value=-(j-Y-F),f.style.transformOrigin=$()}function z(f){Se(()=>{d(f)})}function M(f){f.style.transformOrigin=$(),e.onBeforeLeave()}function k(f){const F=f;n.value&&h(F),e.onAfterEnter&&e.onAfterEnter(F)}function A(){o.value=!1,i.value=null,v.value=null,C(),e.onAfterLeave()}function a(){const{onClose:f}=e;f&&f()}function m(){e.onNegativeClick()}function O(){e.onPositiveClick()}const T=_(null);return se(T,f=>{f&&Se(()=>{const F=f.el;F&&t.value!==F&&(t.value=F)})}),ce(xo,t),ce(yo,null),ce(wo,null),{mergedTheme:c.mergedThemeRef,appear:c.appearRef,isMounted:c.isMountedRef,mergedClsPrefix:c.mergedClsPrefixRef,bodyRef:t,scrollbarRef:r,draggableClass:l,displayed:o,childNodeRef:T,cardHeaderClass:L,dialogTitleClass:x,handlePositiveClick:O,handleNegativeClick:m,handleCloseClick:a,handleAfterEnter:k,handleAfterLeave:A,handleBeforeLeave:M,handleEnter:z,dragX:u,dragY:b}},render(){const{$slots:e,$attrs:t,handleEnter:r,handleAfterEnter:o,handleAfterLeave:i,handleBeforeLeave:v,preset:c,mergedClsPrefix:p,dragX:C,dragY:h}=this,n={...t};C!==null&&h!==null&&(n.style=N([n.style,{left:`${C}px`,top:`${h}px`}]));let l=null;if(!c){if(l=po("default",e.default,{draggableClass:this.draggableClass}),!l){Fo("modal","default slot is empty");return}l=_o(l),l.props=V({class:`${p}-modal`},n,l.props||{})}return this.displayDirective==="show"||this.displayed||this.show?ze((s(),I("div",{key:1,role:"none",class:P([`${p}-modal-body-wrapper`,this.maskHidden&&`${p}-modal-body-wrapper--mask-hidden`])},[(s(),B(fo,{ref:"scrollbarRef",theme:this.mergedTheme.peers.Scrollbar,themeOverrides:this.mergedTheme.peerOverrides.Scrollbar,contentClass:`${p}-modal-scroll-content`},{default:()=>(s(),B(bo,{disabled:!this.trapFocus||this.maskHidden,active:this.show,onEsc:this.onEsc,autoFocus:this.autoFocus},{default:()=>(s(),B(co,{name:"fade-in-scale-up-transition",appear:this.appear??this.isMounted,onEnter:r,onAfterEnter:o,onAfterLeave:i,onBeforeLeave:v},{default:()=>{const u=[[He,this.show]];return u.push([Co,this.onClickoutside,void 0,{capture:!0}]),ze(this.preset==="confirm"||this.preset==="dialog"?(s(),B(dt,V({key:2},n,{class:[`${p}-modal`,n.class],ref:"bodyRef",theme:this.mergedTheme.peers.Dialog,themeOverrides:this.mergedTheme.peerOverrides.Dialog},we(this.$props,at),{titleClass:this.dialogTitleClass,"aria-modal":"true"}),ke(e),1040,["class","theme","themeOverrides","titleClass"])):this.preset==="card"?(s(),B(nt,V({key:3},n,{ref:"bodyRef",class:[`${p}-modal`,n.class],theme:this.mergedTheme.peers.Card,themeOverrides:this.mergedTheme.peerOverrides.Card},we(this.$props,ot),{headerClass:this.cardHeaderClass,"aria-modal":"true",role:"dialog"}),ke(e),1040,["class","theme","themeOverrides","headerClass"])):this.childNodeRef=l,u)}},1032,["appear","onEnter","onAfterEnter","onAfterLeave","onBeforeLeave"]))},1032,["disabled","active","onEsc","autoFocus"]))},1032,["theme","themeOverrides","contentClass"]))],2)),[[He,this.displayDirective==="if"||this.displayed||this.show]]):null}}),bt=g([y("modal-container",`
 position: fixed;
 left: 0;
 top: 0;
 height: 0;
 width: 0;
 display: flex;
 `),y("modal-mask",`
 position: fixed;
 left: 0;
 right: 0;
 top: 0;
 bottom: 0;
 background-color: rgba(0, 0, 0, .4);
 `,[Xo({enterDuration:".25s",leaveDuration:".25s",enterCubicBezier:"var(--n-bezier-ease-out)",leaveCubicBezier:"var(--n-bezier-ease-out)"})]),y("modal-body-wrapper",`
 position: fixed;
 left: 0;
 right: 0;
 top: 0;
 bottom: 0;
 overflow: visible;
 `,[y("modal-scroll-content",`
 min-height: 100%;
 display: flex;
 position: relative;
 `),E("mask-hidden","pointer-events: none;",[y("modal-scroll-content",[g("> *",`
 pointer-events: all;
 `)])])]),y("modal",`
 position: relative;
 align-self: center;
 color: var(--n-text-color);
 margin: auto;
 box-shadow: var(--n-box-shadow);
 `,[ko({duration:".25s",enterScale:".5"}),g(`.${Be}`,`
 cursor: move;
 user-select: none;
 `)])]);const Ct={...J.props,show:Boolean,showMask:{type:Boolean,default:!0},maskClosable:{type:Boolean,default:!0},preset:String,to:[String,Object],displayDirective:{type:String,default:"if"},transformOrigin:{type:String,default:"mouse"},zIndex:Number,autoFocus:{type:Boolean,default:!0},trapFocus:{type:Boolean,default:!0},closeOnEsc:{type:Boolean,default:!0},blockScroll:{type:Boolean,default:!0},..._e,draggable:[Boolean,Object],onEsc:Function,"onUpdate:show":[Function,Array],onUpdateShow:[Function,Array],onAfterEnter:Function,onBeforeLeave:Function,onAfterLeave:Function,onClose:Function,onPositiveClick:Function,onNegativeClick:Function,onMaskClick:Function,internalDialog:Boolean,internalModal:Boolean,internalAppear:{type:Boolean,default:void 0},overlayStyle:[String,Object],onBeforeHide:Function,onAfterHide:Function,onHide:Function,unstableShowMask:{type:Boolean,default:void 0}};var xt=re({name:"Modal",inheritAttrs:!1,props:Ct,slots:Object,setup(e){const t=_(null),{mergedClsPrefixRef:r,namespaceRef:o,inlineThemeDisabled:i}=Le(e),v=J("Modal","-modal",bt,ft,e,r),c=qo(64),p=Wo(),C=Eo(),h=e.internalDialog?Pe(rt,null):null,n=e.internalModal?Pe(Po,null):null,l=vt();function u(a){const{onUpdateShow:m,"onUpdate:show":O,onHide:T}=e;m&&oe(m,a),O&&oe(O,a),T&&!a&&T(a)}function b(){const{onClose:a}=e;a?Promise.resolve(a()).then(m=>{m!==!1&&u(!1)}):u(!1)}function x(){const{onPositiveClick:a}=e;a?Promise.resolve(a()).then(m=>{m!==!1&&u(!1)}):u(!1)}function L(){const{onNegativeClick:a}=e;a?Promise.resolve(a()).then(m=>{m!==!1&&u(!1)}):u(!1)}function $(){const{onBeforeLeave:a,onBeforeHide:m}=e;a&&oe(a),m&&m()}function d(){const{onAfterLeave:a,onAfterHide:m}=e;a&&oe(a),m&&m()}function z(a){const{onMaskClick:m}=e;m&&m(a),e.maskClosable&&t.value?.contains(Yo(a))&&u(!1)}function M(a){e.onEsc?.(),e.show&&e.closeOnEsc&&zo(a)&&(l.value||u(!1))}ce(ro,{getMousePosition:()=>{const a=h||n;if(a){const{clickedRef:m,clickedPositionRef:O}=a;if(m.value&&O.value)return O.value}return c.value?p.value:null},mergedClsPrefixRef:r,mergedThemeRef:v,isMountedRef:C,appearRef:ne(e,"internalAppear"),transformOriginRef:ne(e,"transformOrigin")});const k=H(()=>{const{common:{cubicBezierEaseOut:a},self:{boxShadow:m,color:O,textColor:T}}=v.value;return{"--n-bezier-ease-out":a,"--n-box-shadow":m,"--n-color":O,"--n-text-color":T}}),A=i?$e("theme-class",void 0,k,e):void 0;return{mergedClsPrefix:r,namespace:o,isMounted:C,containerRef:t,presetProps:H(()=>we(e,mt)),handleEsc:M,handleAfterLeave:d,handleClickoutside:z,handleBeforeLeave:$,doUpdateShow:u,handleNegativeClick:L,handlePositiveClick:x,handleCloseClick:b,cssVars:i?void 0:k,themeClass:A?.themeClass,onRender:A?.onRender}},render(){const{mergedClsPrefix:e}=this;return s(),B(So,{to:this.to,show:this.show},{default:()=>{this.onRender?.();const{showMask:t}=this;return ze((s(),I("div",{role:"none",ref:"containerRef",class:P([`${e}-modal-container`,this.themeClass,this.namespace]),style:N(this.cssVars)},[t?(s(),B(co,{name:"fade-in-transition",key:"mask",appear:this.internalAppear??this.isMounted},{default:()=>this.show?(s(),I("div",{key:1,"aria-hidden":!0,class:P(`${e}-modal-mask`)},null,2)):null},1032,["appear"])):S(()=>null),(s(),B(pt,V({style:this.overlayStyle},this.$attrs,{ref:"bodyWrapper",displayDirective:this.displayDirective,show:this.show,preset:this.preset,autoFocus:this.autoFocus,trapFocus:this.trapFocus,draggable:this.draggable,blockScroll:this.blockScroll,maskHidden:!t},this.presetProps,{onEsc:this.handleEsc,onClose:this.handleCloseClick,onNegativeClick:this.handleNegativeClick,onPositiveClick:this.handlePositiveClick,onBeforeLeave:this.handleBeforeLeave,onAfterEnter:this.onAfterEnter,onAfterLeave:this.handleAfterLeave,onClickoutside:this.handleClickoutside}),ke(this.$slots),1040,["style","displayDirective","show","preset","autoFocus","trapFocus","draggable","blockScroll","maskHidden","onEsc","onClose","onNegativeClick","onPositiveClick","onBeforeLeave","onAfterEnter","onAfterLeave","onClickoutside"]))],6)),[[Bo,{zIndex:this.zIndex,enabled:this.show}]])}},1032,["to","show"])}});const yt=["aria-label"],Pt=re({inheritAttrs:!1,__name:"Dialog",props:Ho({label:{}},{open:{type:Boolean,required:!0},openModifiers:{}}),emits:["update:open"],setup(e){const t=Io(e,"open");return(r,o)=>(s(),B(Ao(xt),V({show:t.value,"onUpdate:show":o[0]||(o[0]=i=>t.value=i)},r.$attrs),{default:uo(()=>[R("div",{role:"dialog","aria-modal":"true","aria-label":e.label},[Do(r.$slots,"default")],8,yt)]),_:3},16,["show"]))}});export{Pt as _,lt as a,ut as b,Jo as s};
