import{i as no,h as ro,C as io,r as U,e as yo,F as xo,c as wo,k as we,j as lo,m as ko,d as So,p as zo,f as Po,L as Ro,l as Lo,n as Bo,z as Eo}from"./connection-B_IUISk-.js";import{g as Z,o as G,aO as de,k as ue,p as Be,v as C,q as x,aP as ao,t as F,F as w,aQ as so,aR as $o,x as Q,C as S,L as X,aS as q,B as R,aT as co,y as Ee,aB as uo,z as $e,H as oe,I as le,aU as fo,A as Mo,i as go,aV as Fo,aW as To,a4 as Ie,aX as He,aw as Oo,aY as _o,w as Ao,aC as je,T as vo,aZ as ke,a_ as Io,az as Ho,aD as jo,V as Do}from"./say-DtsnHHLX.js";import{r as ce,l as _,o as Me,a as fe,e as M,M as No,w as ae,d as ge,j as v,n as L,A as Xo,k as A,q as N,f as H,g as J,F as De,$ as Wo,U as Se,V as Yo,G as ze,i as Pe,t as ne,p as se,J as Ne,P as Vo}from"./Icon-BenFRRvi.js";const Uo="modulepreload",qo=function(e,t){return new URL(e,t).href},Xe={},_t=function(t,r,o){let i=Promise.resolve();if(r&&r.length>0){let d=function(n){return Promise.all(n.map(l=>Promise.resolve(l).then(f=>({status:"fulfilled",value:f}),f=>({status:"rejected",reason:f}))))};const c=document.getElementsByTagName("link"),a=document.querySelector("meta[property=csp-nonce]"),h=a?.nonce||a?.getAttribute("nonce");i=d(r.map(n=>{if(n=qo(n,o),n in Xe)return;Xe[n]=!0;const l=n.endsWith(".css"),f=l?'[rel="stylesheet"]':"";if(o)for(let m=c.length-1;m>=0;m--){const z=c[m];if(z.href===n&&(!l||z.rel==="stylesheet"))return}else if(document.querySelector(`link[href="${n}"]${f}`))return;const u=document.createElement("link");if(u.rel=l?"stylesheet":Uo,l||(u.as="script"),u.crossOrigin="",u.href=n,h&&u.setAttribute("nonce",h),document.head.appendChild(u),l)return new Promise((m,z)=>{u.addEventListener("load",m),u.addEventListener("error",()=>z(new Error(`Unable to preload CSS for ${n}`)))})}))}function s(c){const a=new Event("vite:preloadError",{cancelable:!0});if(a.payload=c,window.dispatchEvent(a),!a.defaultPrevented)throw c}return i.then(c=>{for(const a of c||[])a.status==="rejected"&&s(a.reason);return t().catch(s)})};function Fe(e){return Object.keys(e)}const te=_(null);function We(e){if(e.clientX>0||e.clientY>0)te.value={x:e.clientX,y:e.clientY};else{const{target:t}=e;if(t instanceof Element){const{left:r,top:o,width:i,height:s}=t.getBoundingClientRect();r>0||o>0?te.value={x:r+i/2,y:o+s/2}:te.value={x:0,y:0}}else te.value=null}}let re=0,Ye=!0;function Ko(){if(!no)return ce(_(null));re===0&&Z("click",document,We,!0);const e=()=>{re+=1};return Ye&&(Ye=ro())?(Me(e),fe(()=>{re-=1,re===0&&G("click",document,We,!0)})):e(),ce(te)}const Zo=_(void 0);let ie=0;function Ve(){Zo.value=Date.now()}let Ue=!0;function Go(e){if(!no)return ce(_(!1));const t=_(!1);let r=null;function o(){r!==null&&window.clearTimeout(r)}function i(){o(),t.value=!0,r=window.setTimeout(()=>{t.value=!1},e)}ie===0&&Z("click",window,Ve,!0);const s=()=>{ie+=1,Z("click",window,i,!0)};return Ue&&(Ue=ro())?(Me(s),fe(()=>{ie-=1,ie===0&&G("click",window,Ve,!0),G("click",window,i,!0),o()})):s(),ce(t)}var Jo=de("error",()=>(()=>{const e=ue("550229f72e94547c");return e[0]||(e[0]=M("svg",{viewBox:"0 0 48 48",version:"1.1",xmlns:"http://www.w3.org/2000/svg"},[M("g",{stroke:"none","stroke-width":"1","fill-rule":"evenodd"},[M("g",{"fill-rule":"nonzero"},[M("path",{d:"M24,4 C35.045695,4 44,12.954305 44,24 C44,35.045695 35.045695,44 24,44 C12.954305,44 4,35.045695 4,24 C4,12.954305 12.954305,4 24,4 Z M17.8838835,16.1161165 L17.7823881,16.0249942 C17.3266086,15.6583353 16.6733914,15.6583353 16.2176119,16.0249942 L16.1161165,16.1161165 L16.0249942,16.2176119 C15.6583353,16.6733914 15.6583353,17.3266086 16.0249942,17.7823881 L16.1161165,17.8838835 L22.233,24 L16.1161165,30.1161165 L16.0249942,30.2176119 C15.6583353,30.6733914 15.6583353,31.3266086 16.0249942,31.7823881 L16.1161165,31.8838835 L16.2176119,31.9750058 C16.6733914,32.3416647 17.3266086,32.3416647 17.7823881,31.9750058 L17.8838835,31.8838835 L24,25.767 L30.1161165,31.8838835 L30.2176119,31.9750058 C30.6733914,32.3416647 31.3266086,32.3416647 31.7823881,31.9750058 L31.8838835,31.8838835 L31.9750058,31.7823881 C32.3416647,31.3266086 32.3416647,30.6733914 31.9750058,30.2176119 L31.8838835,30.1161165 L25.767,24 L31.8838835,17.8838835 L31.9750058,17.7823881 C32.3416647,17.3266086 32.3416647,16.6733914 31.9750058,16.2176119 L31.8838835,16.1161165 L31.7823881,16.0249942 C31.3266086,15.6583353 30.6733914,15.6583353 30.2176119,16.0249942 L30.1161165,16.1161165 L24,22.233 L17.8838835,16.1161165 L17.7823881,16.0249942 L17.8838835,16.1161165 Z"})])])],-1))})()),qe=de("info",()=>(()=>{const e=ue("1d7d3032c5ab60");return e[0]||(e[0]=M("svg",{viewBox:"0 0 28 28",version:"1.1",xmlns:"http://www.w3.org/2000/svg"},[M("g",{stroke:"none","stroke-width":"1","fill-rule":"evenodd"},[M("g",{"fill-rule":"nonzero"},[M("path",{d:"M14,2 C20.6274,2 26,7.37258 26,14 C26,20.6274 20.6274,26 14,26 C7.37258,26 2,20.6274 2,14 C2,7.37258 7.37258,2 14,2 Z M14,11 C13.4477,11 13,11.4477 13,12 L13,12 L13,20 C13,20.5523 13.4477,21 14,21 C14.5523,21 15,20.5523 15,20 L15,20 L15,12 C15,11.4477 14.5523,11 14,11 Z M14,6.75 C13.3096,6.75 12.75,7.30964 12.75,8 C12.75,8.69036 13.3096,9.25 14,9.25 C14.6904,9.25 15.25,8.69036 15.25,8 C15.25,7.30964 14.6904,6.75 14,6.75 Z"})])])],-1))})()),Qo=de("success",()=>(()=>{const e=ue("2d4548faff86b4af");return e[0]||(e[0]=M("svg",{viewBox:"0 0 48 48",version:"1.1",xmlns:"http://www.w3.org/2000/svg"},[M("g",{stroke:"none","stroke-width":"1","fill-rule":"evenodd"},[M("g",{"fill-rule":"nonzero"},[M("path",{d:"M24,4 C35.045695,4 44,12.954305 44,24 C44,35.045695 35.045695,44 24,44 C12.954305,44 4,35.045695 4,24 C4,12.954305 12.954305,4 24,4 Z M32.6338835,17.6161165 C32.1782718,17.1605048 31.4584514,17.1301307 30.9676119,17.5249942 L30.8661165,17.6161165 L20.75,27.732233 L17.1338835,24.1161165 C16.6457281,23.6279612 15.8542719,23.6279612 15.3661165,24.1161165 C14.9105048,24.5717282 14.8801307,25.2915486 15.2749942,25.7823881 L15.3661165,25.8838835 L19.8661165,30.3838835 C20.3217282,30.8394952 21.0415486,30.8698693 21.5323881,30.4750058 L21.6338835,30.3838835 L32.6338835,19.3838835 C33.1220388,18.8957281 33.1220388,18.1042719 32.6338835,17.6161165 Z"})])])],-1))})()),et=de("warning",()=>(()=>{const e=ue("eb9505c3181fdf04");return e[0]||(e[0]=M("svg",{viewBox:"0 0 24 24",version:"1.1",xmlns:"http://www.w3.org/2000/svg"},[M("g",{stroke:"none","stroke-width":"1","fill-rule":"evenodd"},[M("g",{"fill-rule":"nonzero"},[M("path",{d:"M12,2 C17.523,2 22,6.478 22,12 C22,17.522 17.523,22 12,22 C6.477,22 2,17.522 2,12 C2,6.478 6.477,2 12,2 Z M12.0018002,15.0037242 C11.450254,15.0037242 11.0031376,15.4508407 11.0031376,16.0023869 C11.0031376,16.553933 11.450254,17.0010495 12.0018002,17.0010495 C12.5533463,17.0010495 13.0004628,16.553933 13.0004628,16.0023869 C13.0004628,15.4508407 12.5533463,15.0037242 12.0018002,15.0037242 Z M11.99964,7 C11.4868042,7.00018474 11.0642719,7.38637706 11.0066858,7.8837365 L11,8.00036004 L11.0018003,13.0012393 L11.00857,13.117858 C11.0665141,13.6151758 11.4893244,14.0010638 12.0021602,14.0008793 C12.514996,14.0006946 12.9375283,13.6145023 12.9951144,13.1171428 L13.0018002,13.0005193 L13,7.99964009 L12.9932303,7.8830214 C12.9352861,7.38570354 12.5124758,6.99981552 11.99964,7 Z"})])])],-1))})());let K=0,Ke="",Ze="",Ge="",Je="";const Qe=_("0px");function ot(e){if(typeof document>"u")return;const t=document.documentElement;let r,o=!1;const i=()=>{t.style.marginRight=Ke,t.style.overflow=Ze,t.style.overflowX=Ge,t.style.overflowY=Je,Qe.value="0px"};No(()=>{r=ae(e,s=>{if(s){if(!K){const c=window.innerWidth-t.offsetWidth;c>0&&(Ke=t.style.marginRight,t.style.marginRight=`${c}px`,Qe.value=`${c}px`),Ze=t.style.overflow,Ge=t.style.overflowX,Je=t.style.overflowY,t.style.overflow="hidden",t.style.overflowX="hidden",t.style.overflowY="hidden"}o=!0,K++}else K--,K||i(),o=!1},{immediate:!0})}),fe(()=>{r?.(),o&&(K--,K||i(),o=!1)})}var tt={paddingSmall:"12px 16px 12px",paddingMedium:"19px 24px 20px",paddingLarge:"23px 32px 24px",paddingHuge:"27px 40px 28px",titleFontSizeSmall:"16px",titleFontSizeMedium:"18px",titleFontSizeLarge:"18px",titleFontSizeHuge:"18px",closeIconSize:"18px",closeSize:"22px"};function nt(e){const{primaryColor:t,borderRadius:r,lineHeight:o,fontSize:i,cardColor:s,textColor2:c,textColor1:a,dividerColor:h,fontWeightStrong:d,closeIconColor:n,closeIconColorHover:l,closeIconColorPressed:f,closeColorHover:u,closeColorPressed:m,modalColor:z,boxShadow1:B,popoverColor:p,actionColor:P}=e;return{...tt,lineHeight:o,color:s,colorModal:z,colorPopover:p,colorTarget:t,colorEmbedded:P,colorEmbeddedModal:P,colorEmbeddedPopover:P,textColor:c,titleTextColor:a,borderColor:h,actionColor:P,titleFontWeight:d,closeColorHover:u,closeColorPressed:m,closeBorderRadius:r,closeIconColor:n,closeIconColorHover:l,closeIconColorPressed:f,fontSizeSmall:i,fontSizeMedium:i,fontSizeLarge:i,fontSizeHuge:i,boxShadow:B,borderRadius:r}}const ho={name:"Card",common:Be,self:nt},eo=x("card-content",`
 flex: 1;
 min-width: 0;
 box-sizing: border-box;
 padding: 0 var(--n-padding-left) var(--n-padding-bottom) var(--n-padding-left);
 font-size: var(--n-font-size);
`);var rt=C([x("card",`
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
 `,[ao({background:"var(--n-color-modal)"}),F("hoverable",[C("&:hover","box-shadow: var(--n-box-shadow);")]),F("content-segmented",[C(">",[x("card-content",`
 padding-top: var(--n-padding-bottom);
 `),w("content-scrollbar",[C(">",[x("scrollbar-container",[C(">",[x("card-content",`
 padding-top: var(--n-padding-bottom);
 `)])])])])])]),F("content-soft-segmented",[C(">",[x("card-content",`
 margin: 0 var(--n-padding-left);
 padding: var(--n-padding-bottom) 0;
 `),w("content-scrollbar",[C(">",[x("scrollbar-container",[C(">",[x("card-content",`
 margin: 0 var(--n-padding-left);
 padding: var(--n-padding-bottom) 0;
 `)])])])])])]),F("footer-segmented",[C(">",[w("footer",`
 padding-top: var(--n-padding-bottom);
 `)])]),F("footer-soft-segmented",[C(">",[w("footer",`
 padding: var(--n-padding-bottom) 0;
 margin: 0 var(--n-padding-left);
 `)])]),C(">",[x("card-header",`
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
 `),eo,x("card-content",[C("&:first-child",`
 padding-top: var(--n-padding-bottom);
 `)]),w("content-scrollbar",`
 display: flex;
 flex-direction: column;
 `,[C(">",[x("scrollbar-container",[C(">",[eo])])]),C("&:first-child >",[x("scrollbar-container",[C(">",[x("card-content",`
 padding-top: var(--n-padding-bottom);
 `)])])])]),w("footer",`
 box-sizing: border-box;
 padding: 0 var(--n-padding-left) var(--n-padding-bottom) var(--n-padding-left);
 font-size: var(--n-font-size);
 `,[C("&:first-child",`
 padding-top: var(--n-padding-bottom);
 `)]),w("action",`
 background-color: var(--n-action-color);
 padding: var(--n-padding-bottom) var(--n-padding-left);
 border-bottom-left-radius: var(--n-border-radius);
 border-bottom-right-radius: var(--n-border-radius);
 `)]),x("card-cover",`
 overflow: hidden;
 width: 100%;
 border-radius: var(--n-border-radius) var(--n-border-radius) 0 0;
 `,[C("img",`
 display: block;
 width: 100%;
 `)]),F("bordered",`
 border: 1px solid var(--n-border-color);
 `,[C("&:target","border-color: var(--n-color-target);")]),F("action-segmented",[C(">",[w("action",[C("&:not(:first-child)",`
 border-top: 1px solid var(--n-border-color);
 `)])])]),F("content-segmented, content-soft-segmented",[C(">",[x("card-content",`
 transition: border-color 0.3s var(--n-bezier);
 `,[C("&:not(:first-child)",`
 border-top: 1px solid var(--n-border-color);
 `)]),w("content-scrollbar",`
 transition: border-color 0.3s var(--n-bezier);
 `,[C("&:not(:first-child)",`
 border-top: 1px solid var(--n-border-color);
 `)])])]),F("footer-segmented, footer-soft-segmented",[C(">",[w("footer",`
 transition: border-color 0.3s var(--n-bezier);
 `,[C("&:not(:first-child)",`
 border-top: 1px solid var(--n-border-color);
 `)])])]),F("embedded",`
 background-color: var(--n-color-embedded);
 `)]),so(x("card",`
 background: var(--n-color-modal);
 `,[F("embedded",`
 background-color: var(--n-color-embedded-modal);
 `)])),$o(x("card",`
 background: var(--n-color-popover);
 `,[F("embedded",`
 background-color: var(--n-color-embedded-popover);
 `)]))]);const Te={title:[String,Function],contentClass:String,contentStyle:[Object,String],contentScrollable:Boolean,headerClass:String,headerStyle:[Object,String],headerExtraClass:String,headerExtraStyle:[Object,String],footerClass:String,footerStyle:[Object,String],embedded:Boolean,segmented:{type:[Boolean,Object],default:!1},size:String,bordered:{type:Boolean,default:!0},closable:Boolean,hoverable:Boolean,role:String,onClose:[Function,Array],tag:{type:String,default:"div"},cover:Function,content:[String,Function],footer:Function,action:Function,headerExtra:Function,closeFocusable:Boolean},it=Fe(Te),lt={...Q.props,...Te};var at=ge({name:"Card",props:lt,slots:Object,setup(e){const t=()=>{const{onClose:l}=e;l&&oe(l)},{inlineThemeDisabled:r,mergedClsPrefixRef:o,mergedRtlRef:i,mergedComponentPropsRef:s}=Ee(e),c=Q("Card","-card",rt,ho,e,o),a=uo("Card",i,o),h=H(()=>e.size||s?.value?.Card?.size||"medium"),d=H(()=>{const l=h.value,{self:{color:f,colorModal:u,colorTarget:m,textColor:z,titleTextColor:B,titleFontWeight:p,borderColor:P,actionColor:E,borderRadius:k,lineHeight:I,closeIconColor:g,closeIconColorHover:y,closeIconColorPressed:O,closeColorHover:T,closeColorPressed:b,closeBorderRadius:$,closeIconSize:j,closeSize:D,boxShadow:W,colorPopover:Y,colorEmbedded:ve,colorEmbeddedModal:he,colorEmbeddedPopover:me,[le("padding",l)]:pe,[le("fontSize",l)]:be,[le("titleFontSize",l)]:Ce},common:{cubicBezierEaseInOut:ye}}=c.value,{top:xe,left:V,bottom:Co}=fo(pe);return{"--n-bezier":ye,"--n-border-radius":k,"--n-color":f,"--n-color-modal":u,"--n-color-popover":Y,"--n-color-embedded":ve,"--n-color-embedded-modal":he,"--n-color-embedded-popover":me,"--n-color-target":m,"--n-text-color":z,"--n-line-height":I,"--n-action-color":E,"--n-title-text-color":B,"--n-title-font-weight":p,"--n-close-icon-color":g,"--n-close-icon-color-hover":y,"--n-close-icon-color-pressed":O,"--n-close-color-hover":T,"--n-close-color-pressed":b,"--n-border-color":P,"--n-box-shadow":W,"--n-padding-top":xe,"--n-padding-bottom":Co,"--n-padding-left":V,"--n-font-size":be,"--n-title-font-size":Ce,"--n-close-size":D,"--n-close-icon-size":j,"--n-close-border-radius":$}}),n=r?$e("card",H(()=>h.value[0]),d,e):void 0;return{rtlEnabled:a,mergedClsPrefix:o,mergedTheme:c,handleCloseClick:t,cssVars:r?void 0:d,themeClass:n?.themeClass,onRender:n?.onRender}},render(){const{segmented:e,bordered:t,hoverable:r,mergedClsPrefix:o,rtlEnabled:i,onRender:s,embedded:c,tag:a,$slots:h}=this;return s?.(),v(),L(a,{class:R([`${o}-card`,this.themeClass,c&&`${o}-card--embedded`,{[`${o}-card--rtl`]:i,[`${o}-card--content-scrollable`]:this.contentScrollable,[`${o}-card--content${typeof e!="boolean"&&e.content==="soft"?"-soft":""}-segmented`]:e===!0||e!==!1&&e.content,[`${o}-card--footer${typeof e!="boolean"&&e.footer==="soft"?"-soft":""}-segmented`]:e===!0||e!==!1&&e.footer,[`${o}-card--action-segmented`]:e===!0||e!==!1&&e.action,[`${o}-card--bordered`]:t,[`${o}-card--hoverable`]:r}]),style:N(this.cssVars),role:this.role},{default:Xo(()=>[S(()=>X(h.cover,d=>{const n=this.cover?q([this.cover()]):d;return n&&(v(),A("div",{class:R(`${o}-card-cover`),role:"none"},[S(()=>n)],2))})),S(()=>X(h.header,d=>{const{title:n}=this,l=n?q(typeof n=="function"?[n()]:[n]):d;return l||this.closable?(v(),A("div",{key:1,class:R([`${o}-card-header`,this.headerClass]),style:N(this.headerStyle),role:"heading"},[M("div",{class:R(`${o}-card-header__main`),role:"heading"},[S(()=>l)],2),S(()=>X(h["header-extra"],f=>{const u=this.headerExtra?q([this.headerExtra()]):f;return u&&(v(),A("div",{class:R([`${o}-card-header__extra`,this.headerExtraClass]),style:N(this.headerExtraStyle)},[S(()=>u)],6))})),S(()=>this.closable&&(v(),L(io,{clsPrefix:o,class:R(`${o}-card-header__close`),onClick:this.handleCloseClick,focusable:this.closeFocusable,absolute:!0},null,8,["clsPrefix","class","onClick","focusable"])))],6)):null})),S(()=>X(h.default,d=>{const{content:n}=this,l=n?q(typeof n=="function"?[n()]:[n]):d;return l?this.contentScrollable?(v(),L(co,{key:2,class:R(`${o}-card__content-scrollbar`),contentClass:[`${o}-card-content`,this.contentClass],contentStyle:this.contentStyle},{default:()=>l},1032,["class","contentClass","contentStyle"])):(v(),A("div",{key:3,class:R([`${o}-card-content`,this.contentClass]),style:N(this.contentStyle),role:"none"},[S(()=>l)],6)):null})),S(()=>X(h.footer,d=>{const n=this.footer?q([this.footer()]):d;return n&&(v(),A("div",{class:R([`${o}-card__footer`,this.footerClass]),style:N(this.footerStyle),role:"none"},[S(()=>n)],6))})),S(()=>X(h.action,d=>{const n=this.action?q([this.action()]):d;return n&&(v(),A("div",{class:R(`${o}-card__action`),role:"none"},[S(()=>n)],2))}))]),_:2},1032,["class","style","role"])}});const st=Mo("n-dialog-provider");var ct={titleFontSize:"18px",padding:"16px 28px 20px 28px",iconSize:"28px",actionSpace:"12px",contentMargin:"8px 0 16px 0",iconMargin:"0 4px 0 0",iconMarginIconTop:"4px 0 8px 0",closeSize:"22px",closeIconSize:"18px",closeMargin:"20px 26px 0 0",closeMarginIconTop:"10px 16px 0 0"};function dt(e){const{textColor1:t,textColor2:r,modalColor:o,closeIconColor:i,closeIconColorHover:s,closeIconColorPressed:c,closeColorHover:a,closeColorPressed:h,infoColor:d,successColor:n,warningColor:l,errorColor:f,primaryColor:u,dividerColor:m,borderRadius:z,fontWeightStrong:B,lineHeight:p,fontSize:P}=e;return{...ct,fontSize:P,lineHeight:p,border:`1px solid ${m}`,titleTextColor:t,textColor:r,color:o,closeColorHover:a,closeColorPressed:h,closeIconColor:i,closeIconColorHover:s,closeIconColorPressed:c,closeBorderRadius:z,iconColor:u,iconColorInfo:d,iconColorSuccess:n,iconColorWarning:l,iconColorError:f,borderRadius:z,titleFontWeight:B}}const mo=go({name:"Dialog",common:Be,peers:{Button:Fo},self:dt}),Oe={icon:Function,type:{type:String,default:"default"},title:[String,Function],closable:{type:Boolean,default:!0},negativeText:String,positiveText:String,positiveButtonProps:Object,negativeButtonProps:Object,content:[String,Function],action:Function,showIcon:{type:Boolean,default:!0},loading:Boolean,bordered:Boolean,iconPlacement:String,titleClass:[String,Array],titleStyle:[String,Object],contentClass:[String,Array],contentStyle:[String,Object],actionClass:[String,Array],actionStyle:[String,Object],onPositiveClick:Function,onNegativeClick:Function,onClose:Function,closeFocusable:Boolean},ut=Fe(Oe);var ft=C([x("dialog",`
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
 `),F("bordered",`
 border: var(--n-border);
 `),F("icon-top",[w("close",`
 margin: var(--n-close-margin);
 `),w("icon",`
 margin: var(--n-icon-margin);
 `),w("content",`
 text-align: center;
 `),w("title",`
 justify-content: center;
 `),w("action",`
 justify-content: center;
 `)]),F("icon-left",[w("icon",`
 margin: var(--n-icon-margin);
 `),F("closable",[w("title",`
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
 `,[F("last","margin-bottom: 0;")]),w("action",`
 display: flex;
 justify-content: flex-end;
 `,[C("> *:not(:last-child)",`
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
 `),x("dialog-icon-container",`
 display: flex;
 justify-content: center;
 `)]),so(x("dialog",`
 width: 446px;
 max-width: calc(100vw - 32px);
 `)),x("dialog",[ao(`
 width: 446px;
 max-width: calc(100vw - 32px);
 `)])]);const gt={default:()=>(v(),L(qe)),info:()=>(v(),L(qe)),success:()=>(v(),L(Qo)),warning:()=>(v(),L(et)),error:()=>(v(),L(Jo))},vt=ge({name:"Dialog",alias:["NimbusConfirmCard","Confirm"],props:{...Q.props,...Oe},slots:Object,setup(e){const{mergedComponentPropsRef:t,mergedClsPrefixRef:r,inlineThemeDisabled:o,mergedRtlRef:i}=Ee(e),s=uo("Dialog",i,r),c=H(()=>{const{iconPlacement:u}=e;return u||t?.value?.Dialog?.iconPlacement||"left"});function a(u){const{onPositiveClick:m}=e;m&&m(u)}function h(u){const{onNegativeClick:m}=e;m&&m(u)}function d(){const{onClose:u}=e;u&&u()}const n=Q("Dialog","-dialog",ft,mo,e,r),l=H(()=>{const{type:u}=e,m=c.value,{common:{cubicBezierEaseInOut:z},self:{fontSize:B,lineHeight:p,border:P,titleTextColor:E,textColor:k,color:I,closeBorderRadius:g,closeColorHover:y,closeColorPressed:O,closeIconColor:T,closeIconColorHover:b,closeIconColorPressed:$,closeIconSize:j,borderRadius:D,titleFontWeight:W,titleFontSize:Y,padding:ve,iconSize:he,actionSpace:me,contentMargin:pe,closeSize:be,[m==="top"?"iconMarginIconTop":"iconMargin"]:Ce,[m==="top"?"closeMarginIconTop":"closeMargin"]:ye,[le("iconColor",u)]:xe}}=n.value,V=fo(Ce);return{"--n-font-size":B,"--n-icon-color":xe,"--n-bezier":z,"--n-close-margin":ye,"--n-icon-margin-top":V.top,"--n-icon-margin-right":V.right,"--n-icon-margin-bottom":V.bottom,"--n-icon-margin-left":V.left,"--n-icon-size":he,"--n-close-size":be,"--n-close-icon-size":j,"--n-close-border-radius":g,"--n-close-color-hover":y,"--n-close-color-pressed":O,"--n-close-icon-color":T,"--n-close-icon-color-hover":b,"--n-close-icon-color-pressed":$,"--n-color":I,"--n-text-color":k,"--n-border-radius":D,"--n-padding":ve,"--n-line-height":p,"--n-border":P,"--n-content-margin":pe,"--n-title-font-size":Y,"--n-title-font-weight":W,"--n-title-text-color":E,"--n-action-space":me}}),f=o?$e("dialog",H(()=>`${e.type[0]}${c.value[0]}`),l,e):void 0;return{mergedClsPrefix:r,rtlEnabled:s,mergedIconPlacement:c,mergedTheme:n,handlePositiveClick:a,handleNegativeClick:h,handleCloseClick:d,cssVars:o?void 0:l,themeClass:f?.themeClass,onRender:f?.onRender}},render(){const{bordered:e,mergedIconPlacement:t,cssVars:r,closable:o,showIcon:i,title:s,content:c,action:a,negativeText:h,positiveText:d,positiveButtonProps:n,negativeButtonProps:l,handlePositiveClick:f,handleNegativeClick:u,mergedTheme:m,loading:z,type:B,mergedClsPrefix:p}=this;this.onRender?.();const P=i?(v(),L(To,{key:1,clsPrefix:p,class:R(`${p}-dialog__icon`)},{default:()=>X(this.$slots.icon,k=>k||(this.icon?U(this.icon):gt[this.type]()))},1032,["clsPrefix","class"])):null,E=X(this.$slots.action,k=>k||d||h||a?(v(),A("div",{key:2,class:R([`${p}-dialog__action`,this.actionClass]),style:N(this.actionStyle)},[S(()=>k||(a?[U(a)]:[this.negativeText&&(v(),L(Ie,J({key:3,theme:m.peers.Button,themeOverrides:m.peerOverrides.Button,ghost:!0,size:"small",onClick:u},l),{default:()=>U(this.negativeText)},1040,["theme","themeOverrides","onClick"])),this.positiveText&&(v(),L(Ie,J({key:4,theme:m.peers.Button,themeOverrides:m.peerOverrides.Button,size:"small",type:B==="default"?"primary":B,disabled:z,loading:z,onClick:f},n),{default:()=>U(this.positiveText)},1040,["theme","themeOverrides","type","disabled","loading","onClick"]))]))],6)):null);return v(),A("div",{class:R([`${p}-dialog`,this.themeClass,this.closable&&`${p}-dialog--closable`,`${p}-dialog--icon-${t}`,e&&`${p}-dialog--bordered`,this.rtlEnabled&&`${p}-dialog--rtl`]),style:N(r),role:"dialog"},[o?(v(),A(De,{key:0},[S(()=>X(this.$slots.close,k=>{const I=[`${p}-dialog__close`,this.rtlEnabled&&`${p}-dialog--rtl`];return k?(v(),A("div",{key:5,class:R(I)},[S(()=>k)],2)):(v(),L(io,{key:6,focusable:this.closeFocusable,clsPrefix:p,class:R(I),onClick:this.handleCloseClick},null,8,["focusable","clsPrefix","class","onClick"]))}))],64)):S(()=>null),i&&t==="top"?(v(),A("div",{key:2,class:R(`${p}-dialog-icon-container`)},[S(()=>P)],2)):S(()=>null),M("div",{class:R([`${p}-dialog__title`,this.titleClass]),style:N(this.titleStyle)},[i&&t==="left"?(v(),A(De,{key:0},[S(()=>P)],64)):S(()=>null),S(()=>He(this.$slots.header,()=>[U(s)]))],6),M("div",{class:R([`${p}-dialog__content`,E?"":`${p}-dialog__content--last`,this.contentClass]),style:N(this.contentStyle)},[S(()=>He(this.$slots.default,()=>[U(c)]))],6),S(()=>E)],6)}});function ht(e){const{modalColor:t,textColor2:r,boxShadow3:o}=e;return{color:t,textColor:r,boxShadow:o}}const mt=go({name:"Modal",common:Be,peers:{Scrollbar:Oo,Dialog:mo,Card:ho},self:ht}),Re="n-draggable";function pt(e,t){let r;const o=_(null),i=_(null),s=H(()=>e.value!==!1),c=H(()=>s.value?Re:""),a=H(()=>{const n=e.value;return n===!0||n===!1?!0:n?n.bounds!=="none":!0});function h(n){const l=n.querySelector(`.${Re}`);if(!l||!c.value)return;let f=0,u=0,m=0,z=0,B=0,p=0,P,E=null,k=null;function I(T){T.preventDefault(),P=T;const{x:b,y:$,right:j,bottom:D}=n.getBoundingClientRect();if(u=b,z=$,f=window.innerWidth-j,m=window.innerHeight-D,o.value!==null&&i.value!==null)p=o.value,B=i.value;else{const{left:W,top:Y}=n.style;B=+Y.slice(0,-2),p=+W.slice(0,-2)}}function g(){k&&(o.value=k.x,i.value=k.y,k=null),E=null}function y(T){if(!P)return;const{clientX:b,clientY:$}=P;let j=T.clientX-b,D=T.clientY-$;a.value&&(j>f?j=f:-j>u&&(j=-u),D>m?D=m:-D>z&&(D=-z)),k={x:j+p,y:D+B},E||(E=requestAnimationFrame(g))}function O(){P=void 0,E&&(cancelAnimationFrame(E),E=null),k&&(o.value=k.x,i.value=k.y,k=null),Se(()=>{t.onEnd(n)})}Z("mousedown",l,I),Z("mousemove",window,y),Z("mouseup",window,O),r=()=>{E&&cancelAnimationFrame(E),G("mousedown",l,I),G("mousemove",window,y),G("mouseup",window,O)}}function d(){r&&(r(),r=void 0),o.value=null,i.value=null}return Wo(d),{stopDrag:d,startDrag:h,draggableRef:s,draggableClassRef:c,dragX:o,dragY:i}}const _e=_(!1);function oo(){_e.value=!0}function to(){_e.value=!1}let ee=0;function bt(){return _o&&(Me(()=>{ee||(window.addEventListener("compositionstart",oo),window.addEventListener("compositionend",to)),ee++}),fe(()=>{ee<=1?(window.removeEventListener("compositionstart",oo),window.removeEventListener("compositionend",to),ee=0):ee--})),_e}const Ae={...Te,...Oe},Ct=Fe(Ae),yt=Ct.filter(e=>e!=="onClose"&&e!=="onPositiveClick"&&e!=="onNegativeClick");var xt=ge({name:"ModalBody",inheritAttrs:!1,slots:Object,props:{show:{type:Boolean,required:!0},preset:String,displayDirective:{type:String,required:!0},trapFocus:{type:Boolean,default:!0},autoFocus:{type:Boolean,default:!0},blockScroll:Boolean,draggable:{type:[Boolean,Object],default:!1},maskHidden:Boolean,...Ae,onClickoutside:{type:Function,required:!0},onBeforeLeave:{type:Function,required:!0},onAfterLeave:{type:Function,required:!0},onPositiveClick:{type:Function,required:!0},onNegativeClick:{type:Function,required:!0},onClose:{type:Function,required:!0},onAfterEnter:Function,onEsc:Function},setup(e){const t=_(null),r=_(null),o=_(e.show),i=_(null),s=_(null),c=Pe(lo);let a=null;ae(ne(e,"show"),b=>{b&&(a=c.getMousePosition())},{immediate:!0});const{stopDrag:h,startDrag:d,draggableRef:n,draggableClassRef:l,dragX:f,dragY:u}=pt(ne(e,"draggable"),{onEnd:b=>{p(b)}}),m=H(()=>Ne([e.titleClass,l.value])),z=H(()=>Ne([e.headerClass,l.value]));ae(ne(e,"show"),b=>{b&&(o.value=!0)}),ot(H(()=>e.blockScroll&&o.value));function B(){if(c.transformOriginRef.value==="center")return"";const{value:b}=i,{value:$}=s;return b===null||$===null?"":r.value?`${b}px ${$+r.value.containerScrollTop}px`:""}function p(b){if(c.transformOriginRef.value==="center"||!a||!r.value)return;const $=r.value.containerScrollTop,{offsetLeft:j,offsetTop:D}=b,W=a.y,Y=a.x;i.value=-(j-Y),s.value=-(D-W-$),b.style.transformOrigin=B()}function P(b){Se(()=>{p(b)})}function E(b){b.style.transformOrigin=B(),e.onBeforeLeave()}function k(b){const $=b;n.value&&d($),e.onAfterEnter&&e.onAfterEnter($)}function I(){o.value=!1,i.value=null,s.value=null,h(),e.onAfterLeave()}function g(){const{onClose:b}=e;b&&b()}function y(){e.onNegativeClick()}function O(){e.onPositiveClick()}const T=_(null);return ae(T,b=>{b&&Se(()=>{const $=b.el;$&&t.value!==$&&(t.value=$)})}),se(ko,t),se(So,null),se(zo,null),{mergedTheme:c.mergedThemeRef,appear:c.appearRef,isMounted:c.isMountedRef,mergedClsPrefix:c.mergedClsPrefixRef,bodyRef:t,scrollbarRef:r,draggableClass:l,displayed:o,childNodeRef:T,cardHeaderClass:z,dialogTitleClass:m,handlePositiveClick:O,handleNegativeClick:y,handleCloseClick:g,handleAfterEnter:k,handleAfterLeave:I,handleBeforeLeave:E,handleEnter:P,dragX:f,dragY:u}},render(){const{$slots:e,$attrs:t,handleEnter:r,handleAfterEnter:o,handleAfterLeave:i,handleBeforeLeave:s,preset:c,mergedClsPrefix:a,dragX:h,dragY:d}=this,n={...t};h!==null&&d!==null&&(n.style=N([n.style,{left:`${h}px`,top:`${d}px`}]));let l=null;if(!c){if(l=yo("default",e.default,{draggableClass:this.draggableClass}),!l){Ao("modal","default slot is empty");return}l=Yo(l),l.props=J({class:`${a}-modal`},n,l.props||{})}return this.displayDirective==="show"||this.displayed||this.show?ze((v(),A("div",{key:1,role:"none",class:R([`${a}-modal-body-wrapper`,this.maskHidden&&`${a}-modal-body-wrapper--mask-hidden`])},[(v(),L(co,{ref:"scrollbarRef",theme:this.mergedTheme.peers.Scrollbar,themeOverrides:this.mergedTheme.peerOverrides.Scrollbar,contentClass:`${a}-modal-scroll-content`},{default:()=>(v(),L(xo,{disabled:!this.trapFocus||this.maskHidden,active:this.show,onEsc:this.onEsc,autoFocus:this.autoFocus},{default:()=>(v(),L(vo,{name:"fade-in-scale-up-transition",appear:this.appear??this.isMounted,onEnter:r,onAfterEnter:o,onAfterLeave:i,onBeforeLeave:s},{default:()=>{const f=[[je,this.show]];return f.push([wo,this.onClickoutside,void 0,{capture:!0}]),ze(this.preset==="confirm"||this.preset==="dialog"?(v(),L(vt,J({key:2},n,{class:[`${a}-modal`,n.class],ref:"bodyRef",theme:this.mergedTheme.peers.Dialog,themeOverrides:this.mergedTheme.peerOverrides.Dialog},we(this.$props,ut),{titleClass:this.dialogTitleClass,"aria-modal":"true"}),ke(e),1040,["class","theme","themeOverrides","titleClass"])):this.preset==="card"?(v(),L(at,J({key:3},n,{ref:"bodyRef",class:[`${a}-modal`,n.class],theme:this.mergedTheme.peers.Card,themeOverrides:this.mergedTheme.peerOverrides.Card},we(this.$props,it),{headerClass:this.cardHeaderClass,"aria-modal":"true",role:"dialog"}),ke(e),1040,["class","theme","themeOverrides","headerClass"])):this.childNodeRef=l,f)}},1032,["appear","onEnter","onAfterEnter","onAfterLeave","onBeforeLeave"]))},1032,["disabled","active","onEsc","autoFocus"]))},1032,["theme","themeOverrides","contentClass"]))],2)),[[je,this.displayDirective==="if"||this.displayed||this.show]]):null}}),wt=C([x("modal-container",`
 position: fixed;
 left: 0;
 top: 0;
 height: 0;
 width: 0;
 display: flex;
 `),x("modal-mask",`
 position: fixed;
 left: 0;
 right: 0;
 top: 0;
 bottom: 0;
 background-color: rgba(0, 0, 0, .4);
 `,[Io({enterDuration:".25s",leaveDuration:".25s",enterCubicBezier:"var(--n-bezier-ease-out)",leaveCubicBezier:"var(--n-bezier-ease-out)"})]),x("modal-body-wrapper",`
 position: fixed;
 left: 0;
 right: 0;
 top: 0;
 bottom: 0;
 overflow: visible;
 `,[x("modal-scroll-content",`
 min-height: 100%;
 display: flex;
 position: relative;
 `),F("mask-hidden","pointer-events: none;",[x("modal-scroll-content",[C("> *",`
 pointer-events: all;
 `)])])]),x("modal",`
 position: relative;
 align-self: center;
 color: var(--n-text-color);
 margin: auto;
 box-shadow: var(--n-box-shadow);
 `,[Po({duration:".25s",enterScale:".5"}),C(`.${Re}`,`
 cursor: move;
 user-select: none;
 `)])]);const kt={...Q.props,show:Boolean,showMask:{type:Boolean,default:!0},maskClosable:{type:Boolean,default:!0},preset:String,to:[String,Object],displayDirective:{type:String,default:"if"},transformOrigin:{type:String,default:"mouse"},zIndex:Number,autoFocus:{type:Boolean,default:!0},trapFocus:{type:Boolean,default:!0},closeOnEsc:{type:Boolean,default:!0},blockScroll:{type:Boolean,default:!0},...Ae,draggable:[Boolean,Object],onEsc:Function,"onUpdate:show":[Function,Array],onUpdateShow:[Function,Array],onAfterEnter:Function,onBeforeLeave:Function,onAfterLeave:Function,onClose:Function,onPositiveClick:Function,onNegativeClick:Function,onMaskClick:Function,internalDialog:Boolean,internalModal:Boolean,internalAppear:{type:Boolean,default:void 0},overlayStyle:[String,Object],onBeforeHide:Function,onAfterHide:Function,onHide:Function,unstableShowMask:{type:Boolean,default:void 0}};var At=ge({name:"Modal",inheritAttrs:!1,props:kt,slots:Object,setup(e){const t=_(null),{mergedClsPrefixRef:r,namespaceRef:o,inlineThemeDisabled:i}=Ee(e),s=Q("Modal","-modal",wt,mt,e,r),c=Go(64),a=Ko(),h=Ho(),d=e.internalDialog?Pe(st,null):null,n=e.internalModal?Pe(Bo,null):null,l=bt();function f(g){const{onUpdateShow:y,"onUpdate:show":O,onHide:T}=e;y&&oe(y,g),O&&oe(O,g),T&&!g&&T(g)}function u(){const{onClose:g}=e;g?Promise.resolve(g()).then(y=>{y!==!1&&f(!1)}):f(!1)}function m(){const{onPositiveClick:g}=e;g?Promise.resolve(g()).then(y=>{y!==!1&&f(!1)}):f(!1)}function z(){const{onNegativeClick:g}=e;g?Promise.resolve(g()).then(y=>{y!==!1&&f(!1)}):f(!1)}function B(){const{onBeforeLeave:g,onBeforeHide:y}=e;g&&oe(g),y&&y()}function p(){const{onAfterLeave:g,onAfterHide:y}=e;g&&oe(g),y&&y()}function P(g){const{onMaskClick:y}=e;y&&y(g),e.maskClosable&&t.value?.contains(jo(g))&&f(!1)}function E(g){e.onEsc?.(),e.show&&e.closeOnEsc&&Lo(g)&&(l.value||f(!1))}se(lo,{getMousePosition:()=>{const g=d||n;if(g){const{clickedRef:y,clickedPositionRef:O}=g;if(y.value&&O.value)return O.value}return c.value?a.value:null},mergedClsPrefixRef:r,mergedThemeRef:s,isMountedRef:h,appearRef:ne(e,"internalAppear"),transformOriginRef:ne(e,"transformOrigin")});const k=H(()=>{const{common:{cubicBezierEaseOut:g},self:{boxShadow:y,color:O,textColor:T}}=s.value;return{"--n-bezier-ease-out":g,"--n-box-shadow":y,"--n-color":O,"--n-text-color":T}}),I=i?$e("theme-class",void 0,k,e):void 0;return{mergedClsPrefix:r,namespace:o,isMounted:h,containerRef:t,presetProps:H(()=>we(e,yt)),handleEsc:E,handleAfterLeave:p,handleClickoutside:P,handleBeforeLeave:B,doUpdateShow:f,handleNegativeClick:z,handlePositiveClick:m,handleCloseClick:u,cssVars:i?void 0:k,themeClass:I?.themeClass,onRender:I?.onRender}},render(){const{mergedClsPrefix:e}=this;return v(),L(Ro,{to:this.to,show:this.show},{default:()=>{this.onRender?.();const{showMask:t}=this;return ze((v(),A("div",{role:"none",ref:"containerRef",class:R([`${e}-modal-container`,this.themeClass,this.namespace]),style:N(this.cssVars)},[t?(v(),L(vo,{name:"fade-in-transition",key:"mask",appear:this.internalAppear??this.isMounted},{default:()=>this.show?(v(),A("div",{key:1,"aria-hidden":!0,class:R(`${e}-modal-mask`)},null,2)):null},1032,["appear"])):S(()=>null),(v(),L(xt,J({style:this.overlayStyle},this.$attrs,{ref:"bodyWrapper",displayDirective:this.displayDirective,show:this.show,preset:this.preset,autoFocus:this.autoFocus,trapFocus:this.trapFocus,draggable:this.draggable,blockScroll:this.blockScroll,maskHidden:!t},this.presetProps,{onEsc:this.handleEsc,onClose:this.handleCloseClick,onNegativeClick:this.handleNegativeClick,onPositiveClick:this.handlePositiveClick,onBeforeLeave:this.handleBeforeLeave,onAfterEnter:this.onAfterEnter,onAfterLeave:this.handleAfterLeave,onClickoutside:this.handleClickoutside}),ke(this.$slots),1040,["style","displayDirective","show","preset","autoFocus","trapFocus","draggable","blockScroll","maskHidden","onEsc","onClose","onNegativeClick","onPositiveClick","onBeforeLeave","onAfterEnter","onAfterLeave","onClickoutside"]))],6)),[[Eo,{zIndex:this.zIndex,enabled:this.show}]])}},1032,["to","show"])}}),St=["Shift","Meta","Alt","Control"],po=typeof navigator=="object"?navigator.platform:"",bo=/Mac|iPod|iPhone|iPad/.test(po),zt=bo?"Meta":"Control",Pt=po==="Win32"?["Control","Alt"]:bo?["Alt"]:[];function Le(e,t){return typeof e.getModifierState=="function"&&(e.getModifierState(t)||Pt.includes(t)&&e.getModifierState("AltGraph"))}function Rt(e){return e.trim().split(" ").map(function(t){var r=t.split(/\b\+/),o=r.pop(),i=o.match(/^\((.+)\)$/);return i&&(o=new RegExp("^(?:"+i[1]+")$","iv")),[r=r.map(function(s){return s==="$mod"?zt:s}),o]})}function Lt(e,t){var r=t[0],o=t[1];return!((o instanceof RegExp?!o.test(e.key)&&!o.test(e.code):o.toUpperCase()!==e.key.toUpperCase()&&o!==e.code)||r.find(function(i){return!Le(e,i)})||St.find(function(i){return!r.includes(i)&&o!==i&&Le(e,i)}))}function Bt(e,t){var r;t===void 0&&(t={});var o=(r=t.timeout)!=null?r:1e3,i=Object.keys(e).map(function(a){return[Rt(a),e[a]]}),s=new Map,c=null;return function(a){a instanceof KeyboardEvent&&(i.forEach(function(h){var d=h[0],n=h[1],l=s.get(d)||d;Lt(a,l[0])?l.length>1?s.set(d,l.slice(1)):(s.delete(d),n(a)):Le(a,a.key)||s.delete(d)}),c&&clearTimeout(c),c=setTimeout(s.clear.bind(s),o))}}function Et(e,t,r){var o={},i=o.event,s=i===void 0?"keydown":i,c=o.capture,a=Bt(t,{timeout:o.timeout});return e.addEventListener(s,a,c),function(){e.removeEventListener(s,a,c)}}function It(e){const t=Do(),r=Object.fromEntries(Object.entries(e).map(([o,i])=>[o,s=>{!t.hasKeys||s.isComposing||$t(s.target)||Mt()||(s.preventDefault(),i())}]));Vo(Et(window,r))}function $t(e){return e instanceof HTMLElement&&(e.isContentEditable||/^(INPUT|TEXTAREA|SELECT)$/.test(e.tagName))}function Mt(){return document.querySelector('[aria-modal="true"]')!==null}export{At as M,_t as _,dt as a,ht as b,nt as s,It as u};
