import{P as De,b as mr,g as xr,a as ge,Q as yr,h as g,i as l,k as F,l as R,n as Q,q as h,aB as wr,v,o as He,x as Cr,aC as zr,av as Sr,y as Fr,u as Re,ak as Ar,z as $r,B as C,t as re,as as be,A as me}from"./connection-Cv107ozO.js";import{u as kr,C as Be,S as Rr}from"./Suffix-Bxo-Vgmg.js";import{b as Br,S as Pr,u as Er,o as Pe,a as Ee,e as _r,V as Tr,I as _e}from"./replaceable-C_NpINUx.js";import{d as ae,e as z,y as ye,r as y,i as Ir,o as s,b,a as T,f as k,g as Te,n as te,G as Mr,S as Wr,E as Ie,C as Me,F as xe,t as We,p as Vr}from"./_plugin-vue_export-helper-DqtZfUaJ.js";import{_ as Dr}from"./_common-CrpCVBva.js";var Hr=ae({name:"Eye",render(){return(()=>{const o=De("ae479a1970012861");return o[0]||(o[0]=z("svg",{xmlns:"http://www.w3.org/2000/svg",viewBox:"0 0 512 512"},[z("path",{d:"M255.66 112c-77.94 0-157.89 45.11-220.83 135.33a16 16 0 0 0-.27 17.77C82.92 340.8 161.8 400 255.66 400c92.84 0 173.34-59.38 221.79-135.25a16.14 16.14 0 0 0 0-17.47C428.89 172.28 347.8 112 255.66 112z",fill:"none",stroke:"currentColor","stroke-linecap":"round","stroke-linejoin":"round","stroke-width":"32"}),z("circle",{cx:"256",cy:"256",r:"80",fill:"none",stroke:"currentColor","stroke-miterlimit":"10","stroke-width":"32"})],-1))})()}}),Or=ae({name:"EyeOff",render(){return(()=>{const o=De("2c06203b450ce879");return o[0]||(o[0]=z("svg",{xmlns:"http://www.w3.org/2000/svg",viewBox:"0 0 512 512"},[z("path",{d:"M432 448a15.92 15.92 0 0 1-11.31-4.69l-352-352a16 16 0 0 1 22.62-22.62l352 352A16 16 0 0 1 432 448z",fill:"currentColor"}),z("path",{d:"M255.66 384c-41.49 0-81.5-12.28-118.92-36.5c-34.07-22-64.74-53.51-88.7-91v-.08c19.94-28.57 41.78-52.73 65.24-72.21a2 2 0 0 0 .14-2.94L93.5 161.38a2 2 0 0 0-2.71-.12c-24.92 21-48.05 46.76-69.08 76.92a31.92 31.92 0 0 0-.64 35.54c26.41 41.33 60.4 76.14 98.28 100.65C162 402 207.9 416 255.66 416a239.13 239.13 0 0 0 75.8-12.58a2 2 0 0 0 .77-3.31l-21.58-21.58a4 4 0 0 0-3.83-1a204.8 204.8 0 0 1-51.16 6.47z",fill:"currentColor"}),z("path",{d:"M490.84 238.6c-26.46-40.92-60.79-75.68-99.27-100.53C349 110.55 302 96 255.66 96a227.34 227.34 0 0 0-74.89 12.83a2 2 0 0 0-.75 3.31l21.55 21.55a4 4 0 0 0 3.88 1a192.82 192.82 0 0 1 50.21-6.69c40.69 0 80.58 12.43 118.55 37c34.71 22.4 65.74 53.88 89.76 91a.13.13 0 0 1 0 .16a310.72 310.72 0 0 1-64.12 72.73a2 2 0 0 0-.15 2.95l19.9 19.89a2 2 0 0 0 2.7.13a343.49 343.49 0 0 0 68.64-78.48a32.2 32.2 0 0 0-.1-34.78z",fill:"currentColor"}),z("path",{d:"M256 160a95.88 95.88 0 0 0-21.37 2.4a2 2 0 0 0-1 3.38l112.59 112.56a2 2 0 0 0 3.38-1A96 96 0 0 0 256 160z",fill:"currentColor"}),z("path",{d:"M165.78 233.66a2 2 0 0 0-3.38 1a96 96 0 0 0 115 115a2 2 0 0 0 1-3.38z",fill:"currentColor"})],-1))})()}});function Kr(o){const{textColor2:f,textColor3:A,textColorDisabled:w,primaryColor:m,primaryColorHover:S,inputColor:i,inputColorDisabled:t,borderColor:n,warningColor:x,warningColorHover:I,errorColor:p,errorColorHover:B,borderRadius:P,lineHeight:U,fontSizeTiny:_,fontSizeSmall:le,fontSizeMedium:N,fontSizeLarge:ie,heightTiny:$,heightSmall:H,heightMedium:j,heightLarge:M,actionColor:se,clearColor:W,clearColorHover:O,clearColorPressed:E,placeholderColor:K,placeholderColorDisabled:G,iconColor:X,iconColorDisabled:ce,iconColorHover:ue,iconColorPressed:Y,fontWeight:de}=o;return{...Dr,fontWeight:de,countTextColorDisabled:w,countTextColor:A,heightTiny:$,heightSmall:H,heightMedium:j,heightLarge:M,fontSizeTiny:_,fontSizeSmall:le,fontSizeMedium:N,fontSizeLarge:ie,lineHeight:U,lineHeightTextarea:U,borderRadius:P,iconSize:"16px",groupLabelColor:se,groupLabelTextColor:f,textColor:f,textColorDisabled:w,textDecorationColor:f,caretColor:m,placeholderColor:K,placeholderColorDisabled:G,color:i,colorHover:i,colorDisabled:t,colorFocus:i,groupLabelBorder:`1px solid ${n}`,border:`1px solid ${n}`,borderHover:`1px solid ${S}`,borderDisabled:`1px solid ${n}`,borderFocus:`1px solid ${S}`,boxShadowFocus:`0 0 0 2px ${ge(m,{alpha:.2})}`,loadingColor:m,loadingColorWarning:x,borderWarning:`1px solid ${x}`,borderHoverWarning:`1px solid ${I}`,colorFocusWarning:i,borderFocusWarning:`1px solid ${I}`,boxShadowFocusWarning:`0 0 0 2px ${ge(x,{alpha:.2})}`,caretColorWarning:x,loadingColorError:p,borderError:`1px solid ${p}`,borderHoverError:`1px solid ${B}`,colorFocusError:i,borderFocusError:`1px solid ${B}`,boxShadowFocusError:`0 0 0 2px ${ge(p,{alpha:.2})}`,caretColorError:p,clearColor:W,clearColorHover:O,clearColorPressed:E,iconColor:X,iconColorDisabled:ce,iconColorHover:ue,iconColorPressed:Y,suffixTextColor:f}}const Lr=mr({name:"Input",common:xr,peers:{Scrollbar:Br},self:Kr}),Oe=yr("n-input");var Nr=g("input",`
 max-width: 100%;
 cursor: text;
 line-height: 1.5;
 z-index: auto;
 outline: none;
 box-sizing: border-box;
 position: relative;
 display: inline-flex;
 border-radius: var(--n-border-radius);
 background-color: var(--n-color);
 transition: background-color .3s var(--n-bezier);
 font-size: var(--n-font-size);
 font-weight: var(--n-font-weight);
 --n-padding-vertical: calc((var(--n-height) - 1.5 * var(--n-font-size)) / 2);
`,[l("input, textarea",`
 overflow: hidden;
 flex-grow: 1;
 position: relative;
 `),l("input-el, textarea-el, input-mirror, textarea-mirror, separator, placeholder",`
 box-sizing: border-box;
 font-size: inherit;
 line-height: 1.5;
 font-family: inherit;
 border: none;
 outline: none;
 background-color: #0000;
 text-align: inherit;
 transition:
 -webkit-text-fill-color .3s var(--n-bezier),
 caret-color .3s var(--n-bezier),
 color .3s var(--n-bezier),
 text-decoration-color .3s var(--n-bezier);
 `),l("input-el, textarea-el",`
 -webkit-appearance: none;
 scrollbar-width: none;
 width: 100%;
 min-width: 0;
 text-decoration-color: var(--n-text-decoration-color);
 color: var(--n-text-color);
 caret-color: var(--n-caret-color);
 background-color: transparent;
 `,[F("&::-webkit-scrollbar, &::-webkit-scrollbar-track-piece, &::-webkit-scrollbar-thumb",`
 width: 0;
 height: 0;
 display: none;
 `),F("&::placeholder",`
 color: #0000;
 -webkit-text-fill-color: transparent !important;
 `),F("&:-webkit-autofill ~",[l("placeholder","display: none;")])]),R("round",[Q("textarea","border-radius: calc(var(--n-height) / 2);")]),l("placeholder",`
 pointer-events: none;
 position: absolute;
 left: 0;
 right: 0;
 top: 0;
 bottom: 0;
 overflow: hidden;
 color: var(--n-placeholder-color);
 `,[F("span",`
 width: 100%;
 display: inline-block;
 `)]),R("textarea",[l("placeholder","overflow: visible;")]),Q("autosize","width: 100%;"),R("autosize",[l("textarea-el, input-el",`
 position: absolute;
 top: 0;
 left: 0;
 height: 100%;
 `)]),g("input-wrapper",`
 overflow: hidden;
 display: inline-flex;
 flex-grow: 1;
 position: relative;
 padding-left: var(--n-padding-left);
 padding-right: var(--n-padding-right);
 `),l("input-mirror",`
 padding: 0;
 height: var(--n-height);
 line-height: var(--n-height);
 overflow: hidden;
 visibility: hidden;
 position: static;
 white-space: pre;
 pointer-events: none;
 `),l("input-el",`
 padding: 0;
 height: var(--n-height);
 line-height: var(--n-height);
 `,[F("&[type=password]::-ms-reveal","display: none;"),F("+",[l("placeholder",`
 display: flex;
 align-items: center; 
 `)])]),Q("textarea",[l("placeholder","white-space: nowrap;")]),l("eye",`
 display: flex;
 align-items: center;
 justify-content: center;
 transition: color .3s var(--n-bezier);
 `),R("textarea","width: 100%;",[g("input-word-count",`
 position: absolute;
 right: var(--n-padding-right);
 bottom: var(--n-padding-vertical);
 `),R("resizable",[g("input-wrapper",`
 resize: vertical;
 min-height: var(--n-height);
 `)]),l("textarea-el, textarea-mirror, placeholder",`
 height: 100%;
 padding-left: 0;
 padding-right: 0;
 padding-top: var(--n-padding-vertical);
 padding-bottom: var(--n-padding-vertical);
 word-break: break-word;
 display: inline-block;
 vertical-align: bottom;
 box-sizing: border-box;
 line-height: var(--n-line-height-textarea);
 margin: 0;
 resize: none;
 white-space: pre-wrap;
 scroll-padding-block-end: var(--n-padding-vertical);
 `),l("textarea-mirror",`
 width: 100%;
 pointer-events: none;
 overflow: hidden;
 visibility: hidden;
 position: static;
 white-space: pre-wrap;
 overflow-wrap: break-word;
 `)]),R("pair",[l("input-el, placeholder","text-align: center;"),l("separator",`
 display: flex;
 align-items: center;
 transition: color .3s var(--n-bezier);
 color: var(--n-text-color);
 white-space: nowrap;
 `,[g("icon",`
 color: var(--n-icon-color);
 `),g("base-icon",`
 color: var(--n-icon-color);
 `)])]),R("disabled",`
 cursor: not-allowed;
 background-color: var(--n-color-disabled);
 `,[l("border","border: var(--n-border-disabled);"),l("input-el, textarea-el",`
 cursor: not-allowed;
 color: var(--n-text-color-disabled);
 text-decoration-color: var(--n-text-color-disabled);
 `),l("placeholder","color: var(--n-placeholder-color-disabled);"),l("separator","color: var(--n-text-color-disabled);",[g("icon",`
 color: var(--n-icon-color-disabled);
 `),g("base-icon",`
 color: var(--n-icon-color-disabled);
 `)]),g("input-word-count",`
 color: var(--n-count-text-color-disabled);
 `),l("suffix, prefix","color: var(--n-text-color-disabled);",[g("icon",`
 color: var(--n-icon-color-disabled);
 `),g("internal-icon",`
 color: var(--n-icon-color-disabled);
 `)])]),Q("disabled",[l("eye",`
 color: var(--n-icon-color);
 cursor: pointer;
 `,[F("&:hover",`
 color: var(--n-icon-color-hover);
 `),F("&:active",`
 color: var(--n-icon-color-pressed);
 `)]),F("&:hover","background-color: var(--n-color-hover);",[l("state-border","border: var(--n-border-hover);")]),R("focus","background-color: var(--n-color-focus);",[l("state-border",`
 border: var(--n-border-focus);
 box-shadow: var(--n-box-shadow-focus);
 `)])]),l("border, state-border",`
 box-sizing: border-box;
 position: absolute;
 left: 0;
 right: 0;
 top: 0;
 bottom: 0;
 pointer-events: none;
 border-radius: inherit;
 border: var(--n-border);
 transition:
 box-shadow .3s var(--n-bezier),
 border-color .3s var(--n-bezier);
 `),l("state-border",`
 border-color: #0000;
 z-index: 1;
 `),l("prefix","margin-right: 4px;"),l("suffix",`
 margin-left: 4px;
 `),l("suffix, prefix",`
 transition: color .3s var(--n-bezier);
 flex-wrap: nowrap;
 flex-shrink: 0;
 line-height: var(--n-height);
 white-space: nowrap;
 display: inline-flex;
 align-items: center;
 justify-content: center;
 color: var(--n-suffix-text-color);
 `,[g("base-loading",`
 font-size: var(--n-icon-size);
 margin: 0 2px;
 color: var(--n-loading-color);
 `),g("base-clear",`
 font-size: var(--n-icon-size);
 `,[l("placeholder",[g("base-icon",`
 transition: color .3s var(--n-bezier);
 color: var(--n-icon-color);
 font-size: var(--n-icon-size);
 `)])]),F(">",[g("icon",`
 transition: color .3s var(--n-bezier);
 color: var(--n-icon-color);
 font-size: var(--n-icon-size);
 `)]),g("base-icon",`
 font-size: var(--n-icon-size);
 `)]),g("input-word-count",`
 pointer-events: none;
 line-height: 1.5;
 font-size: .85em;
 color: var(--n-count-text-color);
 transition: color .3s var(--n-bezier);
 margin-left: 4px;
 font-variant: tabular-nums;
 `),["warning","error"].map(o=>R(`${o}-status`,[Q("disabled",[g("base-loading",`
 color: var(--n-loading-color-${o})
 `),l("input-el, textarea-el",`
 caret-color: var(--n-caret-color-${o});
 `),l("state-border",`
 border: var(--n-border-${o});
 `),F("&:hover",[l("state-border",`
 border: var(--n-border-hover-${o});
 `)]),F("&:focus",`
 background-color: var(--n-color-focus-${o});
 `,[l("state-border",`
 box-shadow: var(--n-box-shadow-focus-${o});
 border: var(--n-border-focus-${o});
 `)]),R("focus",`
 background-color: var(--n-color-focus-${o});
 `,[l("state-border",`
 box-shadow: var(--n-box-shadow-focus-${o});
 border: var(--n-border-focus-${o});
 `)])])]))]);const Ur=g("input",[R("disabled",[l("input-el, textarea-el",`
 -webkit-text-fill-color: var(--n-text-color-disabled);
 `)])]);function jr(o){let f=0;for(const A of o)f++;return f}function ne(o){return o===""||o==null}function Gr(o){const f=y(null);function A(){const{value:S}=o;if(!S?.focus){m();return}const{selectionStart:i,selectionEnd:t,value:n}=S;if(i==null||t==null){m();return}f.value={start:i,end:t,beforeText:n.slice(0,i),afterText:n.slice(t)}}function w(){const{value:S}=f,{value:i}=o;if(!S||!i)return;const{value:t}=i,{start:n,beforeText:x,afterText:I}=S;let p=t.length;if(t.endsWith(I))p=t.length-I.length;else if(t.startsWith(x))p=x.length;else{const B=x[n-1],P=t.indexOf(B,n-1);P!==-1&&(p=P+1)}i.setSelectionRange?.(p,p)}function m(){f.value=null}return ye(o,m),{recordCursor:A,restoreCursor:w}}var Ve=ae({name:"InputWordCount",setup(o,{slots:f}){const{mergedValueRef:A,maxlengthRef:w,mergedClsPrefixRef:m,countGraphemesRef:S}=Ir(Oe),i=T(()=>{const{value:t}=A;return t===null||Array.isArray(t)?0:(S.value||jr)(t)});return()=>{const{value:t}=w,{value:n}=A;return s(),b("span",{class:v(`${m.value}-input-word-count`)},[h(()=>wr(f.default,{value:n===null||Array.isArray(n)?"":n},()=>[t===void 0?i.value:`${i.value} / ${t}`]))],2)}}});const Xr=["autofocus","rows","placeholder","value","disabled","maxlength","minlength","readonly","tabindex","onBlur","onFocus","onInput","onChange","onScroll"],Yr=["type","tabindex","placeholder","disabled","maxlength","minlength","value","readonly","autofocus","size","onBlur","onFocus","onInput","onChange"],qr=["onMousedown","onClick"],Qr=["type","tabindex","placeholder","disabled","maxlength","minlength","value","readonly","onBlur","onFocus","onInput","onChange"],Jr=["tabindex","onFocus","onBlur","onClick","onMousedown","onMouseenter","onMouseleave","onCompositionstart","onCompositionend","onKeyup","onKeydown"],Zr={...He.props,bordered:{type:Boolean,default:void 0},type:{type:String,default:"text"},placeholder:[Array,String],defaultValue:{type:[String,Array],default:null},value:[String,Array],disabled:{type:Boolean,default:void 0},size:String,rows:{type:[Number,String],default:3},round:Boolean,minlength:[String,Number],maxlength:[String,Number],clearable:Boolean,autosize:{type:[Boolean,Object],default:!1},pair:Boolean,separator:String,readonly:{type:[String,Boolean],default:!1},passivelyActivated:Boolean,showPasswordOn:String,stateful:{type:Boolean,default:!0},autofocus:Boolean,inputProps:Object,resizable:{type:Boolean,default:!0},showCount:Boolean,loading:{type:Boolean,default:void 0},allowInput:Function,renderCount:Function,onMousedown:Function,onKeydown:Function,onKeyup:[Function,Array],onInput:[Function,Array],onFocus:[Function,Array],onBlur:[Function,Array],onClick:[Function,Array],onChange:[Function,Array],onClear:[Function,Array],countGraphemes:Function,status:String,"onUpdate:value":[Function,Array],onUpdateValue:[Function,Array],textDecoration:[String,Array],attrSize:{type:Number,default:20},onInputBlur:[Function,Array],onInputFocus:[Function,Array],onDeactivate:[Function,Array],onActivate:[Function,Array],onWrapperFocus:[Function,Array],onWrapperBlur:[Function,Array],internalDeactivateOnEnter:Boolean,internalForceFocus:Boolean,internalLoadingBeforeSuffix:{type:Boolean,default:!0},showPasswordToggle:Boolean};var at=ae({name:"Input",props:Zr,slots:Object,setup(o){const{mergedClsPrefixRef:f,mergedBorderedRef:A,inlineThemeDisabled:w,mergedRtlRef:m,mergedComponentPropsRef:S}=Cr(o),i=He("Input","-input",Nr,Lr,o,f);zr&&Sr("-input-safari",Ur,f);const t=y(null),n=y(null),x=y(null),I=y(null),p=y(null),B=y(null),P=y(null),U=Gr(P),_=y(null),{localeRef:le}=kr("Input"),N=y(o.defaultValue),ie=We(o,"value"),$=Er(ie,N),H=Fr(o,{mergedSize:e=>{const{size:r}=o;if(r)return r;const{mergedSize:a}=e||{};if(a?.value)return a.value;const u=S?.value?.Input?.size;return u||"medium"}}),{mergedSizeRef:j,mergedDisabledRef:M,mergedStatusRef:se}=H,W=y(!1),O=y(!1),E=y(!1),K=y(!1);let G=null;const X=T(()=>{const{placeholder:e,pair:r}=o;return r?Array.isArray(e)?e:e===void 0?["",""]:[e,e]:e===void 0?[le.value.placeholder]:[e]}),ce=T(()=>{const{value:e}=E,{value:r}=$,{value:a}=X;return!e&&(ne(r)||Array.isArray(r)&&ne(r[0]))&&a[0]}),ue=T(()=>{const{value:e}=E,{value:r}=$,{value:a}=X;return!e&&a[1]&&(ne(r)||Array.isArray(r)&&ne(r[1]))}),Y=Re(()=>o.internalForceFocus||W.value),de=Re(()=>{if(M.value||o.readonly||!o.clearable||!Y.value&&!O.value)return!1;const{value:e}=$,{value:r}=Y;return o.pair?!!(Array.isArray(e)&&(e[0]||e[1]))&&(O.value||r):!!e&&(O.value||r)}),he=T(()=>{const{showPasswordOn:e}=o;if(e)return e;if(o.showPasswordToggle)return"click"}),q=y(!1),Ke=T(()=>{const{textDecoration:e}=o;return e?Array.isArray(e)?e.map(r=>({textDecoration:r})):[{textDecoration:e}]:["",""]}),we=y(void 0),Le=()=>{if(o.type==="textarea"){const{autosize:e}=o;if(e&&(we.value=_.value?.$el?.offsetWidth),!n.value||typeof e=="boolean")return;const{paddingTop:r,paddingBottom:a,lineHeight:u}=window.getComputedStyle(n.value),d=Number(r.slice(0,-2)),c=Number(a.slice(0,-2)),L=Number(u.slice(0,-2)),{value:V}=x;if(!V)return;if(e.minRows){const D=Math.max(e.minRows,1),ve=`${d+c+L*D}px`;V.style.minHeight=ve}if(e.maxRows){const D=`${d+c+L*e.maxRows}px`;V.style.maxHeight=D}}},Ne=T(()=>{const{maxlength:e}=o;return e===void 0?void 0:Number(e)});Mr(()=>{const{value:e}=$;Array.isArray(e)||pe(e)});const Ue=Wr().proxy;function J(e,r){const{onUpdateValue:a,"onUpdate:value":u,onInput:d}=o,{nTriggerFormInput:c}=H;a&&C(a,e,r),u&&C(u,e,r),d&&C(d,e,r),N.value=e,c()}function Z(e,r){const{onChange:a}=o,{nTriggerFormChange:u}=H;a&&C(a,e,r),N.value=e,u()}function je(e){const{onBlur:r}=o,{nTriggerFormBlur:a}=H;r&&C(r,e),a()}function Ge(e){const{onFocus:r}=o,{nTriggerFormFocus:a}=H;r&&C(r,e),a()}function Xe(e){const{onClear:r}=o;r&&C(r,e)}function Ye(e){const{onInputBlur:r}=o;r&&C(r,e)}function qe(e){const{onInputFocus:r}=o;r&&C(r,e)}function Qe(){const{onDeactivate:e}=o;e&&C(e)}function Je(){const{onActivate:e}=o;e&&C(e)}function Ze(e){const{onClick:r}=o;r&&C(r,e)}function eo(e){const{onWrapperFocus:r}=o;r&&C(r,e)}function oo(e){const{onWrapperBlur:r}=o;r&&C(r,e)}function ro(){E.value=!0}function to(e){E.value=!1,e.target===B.value?ee(e,1):ee(e,0)}function ee(e,r=0,a="input"){const u=e.target.value;if(pe(u),e instanceof InputEvent&&!e.isComposing&&(E.value=!1),o.type==="textarea"){const{value:c}=_;c&&c.syncUnifiedContainer()}if(G=u,E.value)return;U.recordCursor();const d=no(u);if(d)if(!o.pair)a==="input"?J(u,{source:r}):Z(u,{source:r});else{let{value:c}=$;Array.isArray(c)?c=[c[0],c[1]]:c=["",""],c[r]=u,a==="input"?J(c,{source:r}):Z(c,{source:r})}Ue.$forceUpdate(),d||Me(U.restoreCursor)}function no(e){const{countGraphemes:r,maxlength:a,minlength:u}=o;if(r){let c;if(a!==void 0&&(c===void 0&&(c=r(e)),c>Number(a))||u!==void 0&&(c===void 0&&(c=r(e)),c<Number(a)))return!1}const{allowInput:d}=o;return typeof d=="function"?d(e):!0}function ao(e){Ye(e),e.relatedTarget===t.value&&Qe(),e.relatedTarget!==null&&(e.relatedTarget===p.value||e.relatedTarget===B.value||e.relatedTarget===n.value)||(K.value=!1),oe(e,"blur"),P.value=null}function lo(e,r){qe(e),W.value=!0,K.value=!0,Je(),oe(e,"focus"),r===0?P.value=p.value:r===1?P.value=B.value:r===2&&(P.value=n.value)}function io(e){o.passivelyActivated&&(oo(e),oe(e,"blur"))}function so(e){o.passivelyActivated&&(W.value=!0,eo(e),oe(e,"focus"))}function oe(e,r){e.relatedTarget!==null&&(e.relatedTarget===p.value||e.relatedTarget===B.value||e.relatedTarget===n.value||e.relatedTarget===t.value)||(r==="focus"?(Ge(e),W.value=!0):r==="blur"&&(je(e),W.value=!1))}function co(e,r){ee(e,r,"change")}function uo(e){Ze(e)}function ho(e){Xe(e),Ce()}function Ce(){o.pair?(J(["",""],{source:"clear"}),Z(["",""],{source:"clear"})):(J("",{source:"clear"}),Z("",{source:"clear"}))}function fo(e){const{onMousedown:r}=o;r&&r(e);const{tagName:a}=e.target;if(a!=="INPUT"&&a!=="TEXTAREA"){if(o.resizable){const{value:u}=t;if(u){const{left:d,top:c,width:L,height:V}=u.getBoundingClientRect(),D=14;if(d+L-D<e.clientX&&e.clientX<d+L&&c+V-D<e.clientY&&e.clientY<c+V)return}}e.preventDefault(),W.value||ze()}}function po(){O.value=!0,o.type==="textarea"&&_.value?.handleMouseEnterWrapper()}function vo(){O.value=!1,o.type==="textarea"&&_.value?.handleMouseLeaveWrapper()}function go(){M.value||he.value==="click"&&(q.value=!q.value)}function bo(e){if(M.value)return;e.preventDefault();const r=u=>{u.preventDefault(),Ee("mouseup",document,r)};if(Pe("mouseup",document,r),he.value!=="mousedown")return;q.value=!0;const a=()=>{q.value=!1,Ee("mouseup",document,a)};Pe("mouseup",document,a)}function mo(e){o.onKeyup&&C(o.onKeyup,e)}function xo(e){switch(o.onKeydown&&C(o.onKeydown,e),e.key){case"Escape":fe();break;case"Enter":yo(e)}}function yo(e){if(o.passivelyActivated){const{value:r}=K;if(r){o.internalDeactivateOnEnter&&fe();return}e.preventDefault(),o.type==="textarea"?n.value?.focus():p.value?.focus()}}function fe(){o.passivelyActivated&&(K.value=!1,Me(()=>{t.value?.focus()}))}function ze(){M.value||(o.passivelyActivated?t.value?.focus():(n.value?.focus(),p.value?.focus()))}function wo(){t.value?.contains(document.activeElement)&&document.activeElement.blur()}function Co(){n.value?.select(),p.value?.select()}function zo(){M.value||(n.value?n.value.focus():p.value&&p.value.focus())}function So(){const{value:e}=t;e?.contains(document.activeElement)&&e!==document.activeElement&&fe()}function Fo(e){if(o.type==="textarea"){const{value:r}=n;r?.scrollTo(e)}else{const{value:r}=p;r?.scrollTo(e)}}function pe(e){const{type:r,pair:a,autosize:u}=o;if(!a&&u)if(r==="textarea"){const{value:d}=x;d&&(d.textContent=`${e??""}\r
`)}else{const{value:d}=I;d&&(e?d.textContent=e:d.innerHTML="&nbsp;")}}function Ao(){Le()}const Se=y({top:"0"});function $o(e){const{scrollTop:r}=e.target;Se.value.top=`${-r}px`,_.value?.syncUnifiedContainer()}let Fe=null;Ie(()=>{const{autosize:e,type:r}=o;e&&r==="textarea"?Fe=ye($,a=>{!Array.isArray(a)&&a!==G&&pe(a)}):Fe?.()});let Ae=null;Ie(()=>{o.type==="textarea"?Ae=ye($,e=>{!Array.isArray(e)&&e!==G&&_.value?.syncUnifiedContainer()}):Ae?.()}),Vr(Oe,{mergedValueRef:$,maxlengthRef:Ne,mergedClsPrefixRef:f,countGraphemesRef:We(o,"countGraphemes")});const ko={wrapperElRef:t,inputElRef:p,textareaElRef:n,isCompositing:E,clear:Ce,focus:ze,blur:wo,select:Co,deactivate:So,activate:zo,scrollTo:Fo},Ro=Ar("Input",m,f),$e=T(()=>{const{value:e}=j,{common:{cubicBezierEaseInOut:r},self:{color:a,colorHover:u,borderRadius:d,textColor:c,caretColor:L,caretColorError:V,caretColorWarning:D,textDecorationColor:ve,border:Bo,borderDisabled:Po,borderHover:Eo,borderFocus:_o,placeholderColor:To,placeholderColorDisabled:Io,lineHeightTextarea:Mo,colorDisabled:Wo,colorFocus:Vo,textColorDisabled:Do,boxShadowFocus:Ho,iconSize:Oo,colorFocusWarning:Ko,boxShadowFocusWarning:Lo,borderWarning:No,borderFocusWarning:Uo,borderHoverWarning:jo,colorFocusError:Go,boxShadowFocusError:Xo,borderError:Yo,borderFocusError:qo,borderHoverError:Qo,clearSize:Jo,clearColor:Zo,clearColorHover:er,clearColorPressed:or,iconColor:rr,iconColorDisabled:tr,suffixTextColor:nr,countTextColor:ar,countTextColorDisabled:lr,iconColorHover:ir,iconColorPressed:sr,loadingColor:cr,loadingColorError:ur,loadingColorWarning:dr,fontWeight:hr,[me("padding",e)]:fr,[me("fontSize",e)]:pr,[me("height",e)]:vr}}=i.value,{left:gr,right:br}=_r(fr);return{"--n-bezier":r,"--n-count-text-color":ar,"--n-count-text-color-disabled":lr,"--n-color":a,"--n-color-hover":u,"--n-font-size":pr,"--n-font-weight":hr,"--n-border-radius":d,"--n-height":vr,"--n-padding-left":gr,"--n-padding-right":br,"--n-text-color":c,"--n-caret-color":L,"--n-text-decoration-color":ve,"--n-border":Bo,"--n-border-disabled":Po,"--n-border-hover":Eo,"--n-border-focus":_o,"--n-placeholder-color":To,"--n-placeholder-color-disabled":Io,"--n-icon-size":Oo,"--n-line-height-textarea":Mo,"--n-color-disabled":Wo,"--n-color-focus":Vo,"--n-text-color-disabled":Do,"--n-box-shadow-focus":Ho,"--n-loading-color":cr,"--n-caret-color-warning":D,"--n-color-focus-warning":Ko,"--n-box-shadow-focus-warning":Lo,"--n-border-warning":No,"--n-border-focus-warning":Uo,"--n-border-hover-warning":jo,"--n-loading-color-warning":dr,"--n-caret-color-error":V,"--n-color-focus-error":Go,"--n-box-shadow-focus-error":Xo,"--n-border-error":Yo,"--n-border-focus-error":qo,"--n-border-hover-error":Qo,"--n-loading-color-error":ur,"--n-clear-color":Zo,"--n-clear-size":Jo,"--n-clear-color-hover":er,"--n-clear-color-pressed":or,"--n-icon-color":rr,"--n-icon-color-hover":ir,"--n-icon-color-pressed":sr,"--n-icon-color-disabled":tr,"--n-suffix-text-color":nr}}),ke=w?$r("input",T(()=>{const{value:e}=j;return e[0]}),$e,o):void 0;return{...ko,wrapperElRef:t,inputElRef:p,inputMirrorElRef:I,inputEl2Ref:B,textareaElRef:n,textareaMirrorElRef:x,textareaScrollbarInstRef:_,rtlEnabled:Ro,uncontrolledValue:N,mergedValue:$,passwordVisible:q,mergedPlaceholder:X,showPlaceholder1:ce,showPlaceholder2:ue,mergedFocus:Y,isComposing:E,activated:K,showClearButton:de,mergedSize:j,mergedDisabled:M,textDecorationStyle:Ke,mergedClsPrefix:f,mergedBordered:A,mergedShowPasswordOn:he,placeholderStyle:Se,mergedStatus:se,textAreaScrollContainerWidth:we,handleTextAreaScroll:$o,handleCompositionStart:ro,handleCompositionEnd:to,handleInput:ee,handleInputBlur:ao,handleInputFocus:lo,handleWrapperBlur:io,handleWrapperFocus:so,handleMouseEnter:po,handleMouseLeave:vo,handleMouseDown:fo,handleChange:co,handleClick:uo,handleClear:ho,handlePasswordToggleClick:go,handlePasswordToggleMousedown:bo,handleWrapperKeydown:xo,handleWrapperKeyup:mo,handleTextAreaMirrorResize:Ao,getTextareaScrollContainer:()=>n.value,mergedTheme:i,cssVars:w?void 0:$e,themeClass:ke?.themeClass,onRender:ke?.onRender}},render(){const{mergedClsPrefix:o,mergedStatus:f,themeClass:A,type:w,countGraphemes:m,onRender:S}=this,i=this.$slots;return S?.(),s(),b("div",{ref:"wrapperElRef",class:v([`${o}-input`,`${o}-input--${this.mergedSize}-size`,A,f&&`${o}-input--${f}-status`,{[`${o}-input--rtl`]:this.rtlEnabled,[`${o}-input--disabled`]:this.mergedDisabled,[`${o}-input--textarea`]:w==="textarea",[`${o}-input--resizable`]:this.resizable&&!this.autosize,[`${o}-input--autosize`]:this.autosize,[`${o}-input--round`]:this.round&&w!=="textarea",[`${o}-input--pair`]:this.pair,[`${o}-input--focus`]:this.mergedFocus,[`${o}-input--stateful`]:this.stateful}]),style:te(this.cssVars),tabindex:!this.mergedDisabled&&this.passivelyActivated&&!this.activated?0:void 0,onFocus:this.handleWrapperFocus,onBlur:this.handleWrapperBlur,onClick:this.handleClick,onMousedown:this.handleMouseDown,onMouseenter:this.handleMouseEnter,onMouseleave:this.handleMouseLeave,onCompositionstart:this.handleCompositionStart,onCompositionend:this.handleCompositionEnd,onKeyup:this.handleWrapperKeyup,onKeydown:this.handleWrapperKeydown},[z("div",{class:v(`${o}-input-wrapper`)},[h(()=>re(i.prefix,t=>t&&(s(),b("div",{class:v(`${o}-input__prefix`)},[h(()=>t)],2)))),w==="textarea"?(s(),k(Pr,{key:0,ref:"textareaScrollbarInstRef",class:v(`${o}-input__textarea`),container:this.getTextareaScrollContainer,theme:this.theme?.peers?.Scrollbar,themeOverrides:this.themeOverrides?.peers?.Scrollbar,triggerDisplayManually:!0,useUnifiedContainer:!0,internalHoistYRail:!0},{default:()=>{const{textAreaScrollContainerWidth:t}=this,n={width:this.autosize&&t&&`${t}px`};return s(),b(xe,null,[z("textarea",Te(this.inputProps,{ref:"textareaElRef",class:[`${o}-input__textarea-el`,this.inputProps?.class],autofocus:this.autofocus,rows:Number(this.rows),placeholder:this.placeholder,value:this.mergedValue,disabled:this.mergedDisabled,maxlength:m?void 0:this.maxlength,minlength:m?void 0:this.minlength,readonly:this.readonly,tabindex:this.passivelyActivated&&!this.activated?-1:void 0,style:[this.textDecorationStyle[0],this.inputProps?.style,n],onBlur:this.handleInputBlur,onFocus:x=>{this.handleInputFocus(x,2)},onInput:this.handleInput,onChange:this.handleChange,onScroll:this.handleTextAreaScroll}),null,16,Xr),this.showPlaceholder1?(s(),b("div",{class:v(`${o}-input__placeholder`),style:te([this.placeholderStyle,n]),key:"placeholder"},[h(()=>this.mergedPlaceholder[0])],6)):h(()=>null),this.autosize?(s(),k(Tr,{key:2,onResize:this.handleTextAreaMirrorResize},{default:()=>(s(),b("div",{ref:"textareaMirrorElRef",class:v(`${o}-input__textarea-mirror`),key:"mirror"},null,2))},1032,["onResize"])):h(()=>null)],64)}},1032,["class","container","theme","themeOverrides"])):(s(),b("div",{key:1,class:v(`${o}-input__input`)},[z("input",Te({type:w==="password"&&this.mergedShowPasswordOn&&this.passwordVisible?"text":w},this.inputProps,{ref:"inputElRef",class:[`${o}-input__input-el`,this.inputProps?.class],style:[this.textDecorationStyle[0],this.inputProps?.style],tabindex:this.passivelyActivated&&!this.activated?-1:this.inputProps?.tabindex,placeholder:this.mergedPlaceholder[0],disabled:this.mergedDisabled,maxlength:m?void 0:this.maxlength,minlength:m?void 0:this.minlength,value:Array.isArray(this.mergedValue)?this.mergedValue[0]:this.mergedValue,readonly:this.readonly,autofocus:this.autofocus,size:this.attrSize,onBlur:this.handleInputBlur,onFocus:t=>{this.handleInputFocus(t,0)},onInput:t=>{this.handleInput(t,0)},onChange:t=>{this.handleChange(t,0)}}),null,16,Yr),this.showPlaceholder1?(s(),b("div",{key:0,class:v(`${o}-input__placeholder`)},[z("span",null,[h(()=>this.mergedPlaceholder[0])])],2)):h(()=>null),this.autosize?(s(),b("div",{class:v(`${o}-input__input-mirror`),key:"mirror",ref:"inputMirrorElRef"}," ",2)):h(()=>null)],2)),h(()=>!this.pair&&re(i.suffix,t=>t||this.clearable||this.showCount||this.mergedShowPasswordOn||this.loading!==void 0?(s(),b("div",{key:1,class:v(`${o}-input__suffix`)},[h(()=>[re(i["clear-icon-placeholder"],n=>(this.clearable||n)&&(s(),k(Be,{clsPrefix:o,show:this.showClearButton,onClear:this.handleClear},{placeholder:()=>n,icon:()=>this.$slots["clear-icon"]?.()},1032,["clsPrefix","show","onClear"]))),this.internalLoadingBeforeSuffix?null:t,this.loading!==void 0?(s(),k(Rr,{key:2,clsPrefix:o,loading:this.loading,showArrow:!1,showClear:!1,style:te(this.cssVars)},null,8,["clsPrefix","loading","style"])):null,this.internalLoadingBeforeSuffix?t:null,this.showCount&&this.type!=="textarea"?(s(),k(Ve,{key:3},{default:n=>{const{renderCount:x}=this;return x?x(n):i.count?.(n)}},1024)):null,this.mergedShowPasswordOn&&this.type==="password"?(s(),b("div",{key:4,class:v(`${o}-input__eye`),onMousedown:this.handlePasswordToggleMousedown,onClick:this.handlePasswordToggleClick},[this.passwordVisible?(s(),b(xe,{key:0},[h(()=>be(i["password-visible-icon"],()=>[(s(),k(_e,{clsPrefix:o},{default:()=>(s(),k(Hr))},1032,["clsPrefix"]))]))],64)):(s(),b(xe,{key:1},[h(()=>be(i["password-invisible-icon"],()=>[(s(),k(_e,{clsPrefix:o},{default:()=>(s(),k(Or))},1032,["clsPrefix"]))]))],64))],42,qr)):null])],2)):null))],2),this.pair?(s(),b("span",{key:0,class:v(`${o}-input__separator`)},[h(()=>be(i.separator,()=>[this.separator]))],2)):h(()=>null),this.pair?(s(),b("div",{key:2,class:v(`${o}-input-wrapper`)},[z("div",{class:v(`${o}-input__input`)},[z("input",{ref:"inputEl2Ref",type:this.type,class:v(`${o}-input__input-el`),tabindex:this.passivelyActivated&&!this.activated?-1:void 0,placeholder:this.mergedPlaceholder[1],disabled:this.mergedDisabled,maxlength:m?void 0:this.maxlength,minlength:m?void 0:this.minlength,value:Array.isArray(this.mergedValue)?this.mergedValue[1]:void 0,readonly:this.readonly,style:te(this.textDecorationStyle[1]),onBlur:this.handleInputBlur,onFocus:t=>{this.handleInputFocus(t,1)},onInput:t=>{this.handleInput(t,1)},onChange:t=>{this.handleChange(t,1)}},null,46,Qr),this.showPlaceholder2?(s(),b("div",{key:0,class:v(`${o}-input__placeholder`)},[z("span",null,[h(()=>this.mergedPlaceholder[1])])],2)):h(()=>null)],2),h(()=>re(i.suffix,t=>(this.clearable||t)&&(s(),b("div",{class:v(`${o}-input__suffix`)},[h(()=>[this.clearable&&(s(),k(Be,{clsPrefix:o,show:this.showClearButton,onClear:this.handleClear},{icon:()=>i["clear-icon"]?.(),placeholder:()=>i["clear-icon-placeholder"]?.()},1032,["clsPrefix","show","onClear"])),t])],2))))],2)):h(()=>null),this.mergedBordered?(s(),b("div",{key:4,class:v(`${o}-input__border`)},null,2)):h(()=>null),this.mergedBordered?(s(),b("div",{key:6,class:v(`${o}-input__state-border`)},null,2)):h(()=>null),this.showCount&&w==="textarea"?(s(),k(Ve,{key:8},{default:t=>{const{renderCount:n}=this;return n?n(t):i.count?.(t)}},1024)):h(()=>null)],46,Jr)}});export{at as I};
