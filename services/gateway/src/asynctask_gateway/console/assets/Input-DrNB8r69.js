import{A as e,At as t,C as n,Dt as r,Et as i,F as a,H as o,I as s,K as c,Mt as l,N as u,O as d,Q as f,T as ee,U as p,X as te,j as m,jt as h,k as g,kt as _,q as ne,v as re}from"./say-BO2GdPDy.js";import{n as v,r as ie,t as y}from"./Suffix-BYgdOU8R.js";import{c as ae,d as b,h as oe,i as x,l as S,n as C,u as w}from"./replaceable-CsUhdzGV.js";import{Ht as T,J as E,L as se,Ut as D,_ as O,b as k,ct as ce,er as A,et as j,g as M,gt as le,k as N,mt as P,o as F,tt as I,v as L,vn as R,wn as z}from"./runtime-core.esm-bundler-wlpNGAAZ.js";import{t as ue}from"./light-R22wUIfM.js";var B=N({name:`Eye`,render(){return(()=>{let e=o(`ae479a1970012861`);return e[0]||=O(`svg`,{xmlns:`http://www.w3.org/2000/svg`,viewBox:`0 0 512 512`},[O(`path`,{d:`M255.66 112c-77.94 0-157.89 45.11-220.83 135.33a16 16 0 0 0-.27 17.77C82.92 340.8 161.8 400 255.66 400c92.84 0 173.34-59.38 221.79-135.25a16.14 16.14 0 0 0 0-17.47C428.89 172.28 347.8 112 255.66 112z`,fill:`none`,stroke:`currentColor`,"stroke-linecap":`round`,"stroke-linejoin":`round`,"stroke-width":`32`}),O(`circle`,{cx:`256`,cy:`256`,r:`80`,fill:`none`,stroke:`currentColor`,"stroke-miterlimit":`10`,"stroke-width":`32`})],-1)})()}}),V=N({name:`EyeOff`,render(){return(()=>{let e=o(`2c06203b450ce879`);return e[0]||=O(`svg`,{xmlns:`http://www.w3.org/2000/svg`,viewBox:`0 0 512 512`},[O(`path`,{d:`M432 448a15.92 15.92 0 0 1-11.31-4.69l-352-352a16 16 0 0 1 22.62-22.62l352 352A16 16 0 0 1 432 448z`,fill:`currentColor`}),O(`path`,{d:`M255.66 384c-41.49 0-81.5-12.28-118.92-36.5c-34.07-22-64.74-53.51-88.7-91v-.08c19.94-28.57 41.78-52.73 65.24-72.21a2 2 0 0 0 .14-2.94L93.5 161.38a2 2 0 0 0-2.71-.12c-24.92 21-48.05 46.76-69.08 76.92a31.92 31.92 0 0 0-.64 35.54c26.41 41.33 60.4 76.14 98.28 100.65C162 402 207.9 416 255.66 416a239.13 239.13 0 0 0 75.8-12.58a2 2 0 0 0 .77-3.31l-21.58-21.58a4 4 0 0 0-3.83-1a204.8 204.8 0 0 1-51.16 6.47z`,fill:`currentColor`}),O(`path`,{d:`M490.84 238.6c-26.46-40.92-60.79-75.68-99.27-100.53C349 110.55 302 96 255.66 96a227.34 227.34 0 0 0-74.89 12.83a2 2 0 0 0-.75 3.31l21.55 21.55a4 4 0 0 0 3.88 1a192.82 192.82 0 0 1 50.21-6.69c40.69 0 80.58 12.43 118.55 37c34.71 22.4 65.74 53.88 89.76 91a.13.13 0 0 1 0 .16a310.72 310.72 0 0 1-64.12 72.73a2 2 0 0 0-.15 2.95l19.9 19.89a2 2 0 0 0 2.7.13a343.49 343.49 0 0 0 68.64-78.48a32.2 32.2 0 0 0-.1-34.78z`,fill:`currentColor`}),O(`path`,{d:`M256 160a95.88 95.88 0 0 0-21.37 2.4a2 2 0 0 0-1 3.38l112.59 112.56a2 2 0 0 0 3.38-1A96 96 0 0 0 256 160z`,fill:`currentColor`}),O(`path`,{d:`M165.78 233.66a2 2 0 0 0-3.38 1a96 96 0 0 0 115 115a2 2 0 0 0 1-3.38z`,fill:`currentColor`})],-1)})()}}),H=f(`n-input`),de=r(`input`,`
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
`,[_(`input, textarea`,`
 overflow: hidden;
 flex-grow: 1;
 position: relative;
 `),_(`input-el, textarea-el, input-mirror, textarea-mirror, separator, placeholder`,`
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
 `),_(`input-el, textarea-el`,`
 -webkit-appearance: none;
 scrollbar-width: none;
 width: 100%;
 min-width: 0;
 text-decoration-color: var(--n-text-decoration-color);
 color: var(--n-text-color);
 caret-color: var(--n-caret-color);
 background-color: transparent;
 `,[i(`&::-webkit-scrollbar, &::-webkit-scrollbar-track-piece, &::-webkit-scrollbar-thumb`,`
 width: 0;
 height: 0;
 display: none;
 `),i(`&::placeholder`,`
 color: #0000;
 -webkit-text-fill-color: transparent !important;
 `),i(`&:-webkit-autofill ~`,[_(`placeholder`,`display: none;`)])]),t(`round`,[h(`textarea`,`border-radius: calc(var(--n-height) / 2);`)]),_(`placeholder`,`
 pointer-events: none;
 position: absolute;
 left: 0;
 right: 0;
 top: 0;
 bottom: 0;
 overflow: hidden;
 color: var(--n-placeholder-color);
 `,[i(`span`,`
 width: 100%;
 display: inline-block;
 `)]),t(`textarea`,[_(`placeholder`,`overflow: visible;`)]),h(`autosize`,`width: 100%;`),t(`autosize`,[_(`textarea-el, input-el`,`
 position: absolute;
 top: 0;
 left: 0;
 height: 100%;
 `)]),r(`input-wrapper`,`
 overflow: hidden;
 display: inline-flex;
 flex-grow: 1;
 position: relative;
 padding-left: var(--n-padding-left);
 padding-right: var(--n-padding-right);
 `),_(`input-mirror`,`
 padding: 0;
 height: var(--n-height);
 line-height: var(--n-height);
 overflow: hidden;
 visibility: hidden;
 position: static;
 white-space: pre;
 pointer-events: none;
 `),_(`input-el`,`
 padding: 0;
 height: var(--n-height);
 line-height: var(--n-height);
 `,[i(`&[type=password]::-ms-reveal`,`display: none;`),i(`+`,[_(`placeholder`,`
 display: flex;
 align-items: center; 
 `)])]),h(`textarea`,[_(`placeholder`,`white-space: nowrap;`)]),_(`eye`,`
 display: flex;
 align-items: center;
 justify-content: center;
 transition: color .3s var(--n-bezier);
 `),t(`textarea`,`width: 100%;`,[r(`input-word-count`,`
 position: absolute;
 right: var(--n-padding-right);
 bottom: var(--n-padding-vertical);
 `),t(`resizable`,[r(`input-wrapper`,`
 resize: vertical;
 min-height: var(--n-height);
 `)]),_(`textarea-el, textarea-mirror, placeholder`,`
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
 `),_(`textarea-mirror`,`
 width: 100%;
 pointer-events: none;
 overflow: hidden;
 visibility: hidden;
 position: static;
 white-space: pre-wrap;
 overflow-wrap: break-word;
 `)]),t(`pair`,[_(`input-el, placeholder`,`text-align: center;`),_(`separator`,`
 display: flex;
 align-items: center;
 transition: color .3s var(--n-bezier);
 color: var(--n-text-color);
 white-space: nowrap;
 `,[r(`icon`,`
 color: var(--n-icon-color);
 `),r(`base-icon`,`
 color: var(--n-icon-color);
 `)])]),t(`disabled`,`
 cursor: not-allowed;
 background-color: var(--n-color-disabled);
 `,[_(`border`,`border: var(--n-border-disabled);`),_(`input-el, textarea-el`,`
 cursor: not-allowed;
 color: var(--n-text-color-disabled);
 text-decoration-color: var(--n-text-color-disabled);
 `),_(`placeholder`,`color: var(--n-placeholder-color-disabled);`),_(`separator`,`color: var(--n-text-color-disabled);`,[r(`icon`,`
 color: var(--n-icon-color-disabled);
 `),r(`base-icon`,`
 color: var(--n-icon-color-disabled);
 `)]),r(`input-word-count`,`
 color: var(--n-count-text-color-disabled);
 `),_(`suffix, prefix`,`color: var(--n-text-color-disabled);`,[r(`icon`,`
 color: var(--n-icon-color-disabled);
 `),r(`internal-icon`,`
 color: var(--n-icon-color-disabled);
 `)])]),h(`disabled`,[_(`eye`,`
 color: var(--n-icon-color);
 cursor: pointer;
 `,[i(`&:hover`,`
 color: var(--n-icon-color-hover);
 `),i(`&:active`,`
 color: var(--n-icon-color-pressed);
 `)]),i(`&:hover`,`background-color: var(--n-color-hover);`,[_(`state-border`,`border: var(--n-border-hover);`)]),t(`focus`,`background-color: var(--n-color-focus);`,[_(`state-border`,`
 border: var(--n-border-focus);
 box-shadow: var(--n-box-shadow-focus);
 `)])]),_(`border, state-border`,`
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
 `),_(`state-border`,`
 border-color: #0000;
 z-index: 1;
 `),_(`prefix`,`margin-right: 4px;`),_(`suffix`,`
 margin-left: 4px;
 `),_(`suffix, prefix`,`
 transition: color .3s var(--n-bezier);
 flex-wrap: nowrap;
 flex-shrink: 0;
 line-height: var(--n-height);
 white-space: nowrap;
 display: inline-flex;
 align-items: center;
 justify-content: center;
 color: var(--n-suffix-text-color);
 `,[r(`base-loading`,`
 font-size: var(--n-icon-size);
 margin: 0 2px;
 color: var(--n-loading-color);
 `),r(`base-clear`,`
 font-size: var(--n-icon-size);
 `,[_(`placeholder`,[r(`base-icon`,`
 transition: color .3s var(--n-bezier);
 color: var(--n-icon-color);
 font-size: var(--n-icon-size);
 `)])]),i(`>`,[r(`icon`,`
 transition: color .3s var(--n-bezier);
 color: var(--n-icon-color);
 font-size: var(--n-icon-size);
 `)]),r(`base-icon`,`
 font-size: var(--n-icon-size);
 `)]),r(`input-word-count`,`
 pointer-events: none;
 line-height: 1.5;
 font-size: .85em;
 color: var(--n-count-text-color);
 transition: color .3s var(--n-bezier);
 margin-left: 4px;
 font-variant: tabular-nums;
 `),[`warning`,`error`].map(e=>t(`${e}-status`,[h(`disabled`,[r(`base-loading`,`
 color: var(--n-loading-color-${e})
 `),_(`input-el, textarea-el`,`
 caret-color: var(--n-caret-color-${e});
 `),_(`state-border`,`
 border: var(--n-border-${e});
 `),i(`&:hover`,[_(`state-border`,`
 border: var(--n-border-hover-${e});
 `)]),i(`&:focus`,`
 background-color: var(--n-color-focus-${e});
 `,[_(`state-border`,`
 box-shadow: var(--n-box-shadow-focus-${e});
 border: var(--n-border-focus-${e});
 `)]),t(`focus`,`
 background-color: var(--n-color-focus-${e});
 `,[_(`state-border`,`
 box-shadow: var(--n-box-shadow-focus-${e});
 border: var(--n-border-focus-${e});
 `)])])]))]),fe=r(`input`,[t(`disabled`,[_(`input-el, textarea-el`,`
 -webkit-text-fill-color: var(--n-text-color-disabled);
 `)])]);function U(e){let t=0;for(let n of e)t++;return t}function W(e){return e===``||e==null}function pe(e){let t=R(null);function n(){let{value:n}=e;if(!n?.focus){i();return}let{selectionStart:r,selectionEnd:a,value:o}=n;r==null||a==null?i():t.value={start:r,end:a,beforeText:o.slice(0,r),afterText:o.slice(a)}}function r(){let{value:n}=t,{value:r}=e;if(!n||!r)return;let{value:i}=r,{start:a,beforeText:o,afterText:s}=n,c=i.length;if(i.endsWith(s))c=i.length-s.length;else if(i.startsWith(o))c=o.length;else{let e=o[a-1],t=i.indexOf(e,a-1);t!==-1&&(c=t+1)}r.setSelectionRange?.(c,c)}function i(){t.value=null}return T(e,i),{recordCursor:n,restoreCursor:r}}var G=N({name:`InputWordCount`,setup(e,{slots:t}){let{mergedValueRef:n,maxlengthRef:r,mergedClsPrefixRef:i,countGraphemesRef:a}=E(H),o=M(()=>{let{value:e}=n;return e===null||Array.isArray(e)?0:(a.value||U)(e)});return()=>{let{value:e}=r,{value:a}=n;return P(),k(`span`,{class:p(`${i.value}-input-word-count`)},[c(()=>g(t.default,{value:a===null||Array.isArray(a)?``:a},()=>[e===void 0?o.value:`${o.value} / ${e}`]))],2)}}}),me=[`autofocus`,`rows`,`placeholder`,`value`,`disabled`,`maxlength`,`minlength`,`readonly`,`tabindex`,`onBlur`,`onFocus`,`onInput`,`onChange`,`onScroll`],he=[`type`,`tabindex`,`placeholder`,`disabled`,`maxlength`,`minlength`,`value`,`readonly`,`autofocus`,`size`,`onBlur`,`onFocus`,`onInput`,`onChange`],K=[`onMousedown`,`onClick`],ge=[`type`,`tabindex`,`placeholder`,`disabled`,`maxlength`,`minlength`,`value`,`readonly`,`onBlur`,`onFocus`,`onInput`,`onChange`],q=[`tabindex`,`onFocus`,`onBlur`,`onClick`,`onMousedown`,`onMouseenter`,`onMouseleave`,`onCompositionstart`,`onCompositionend`,`onKeyup`,`onKeydown`],J={...a.props,bordered:{type:Boolean,default:void 0},type:{type:String,default:`text`},placeholder:[Array,String],defaultValue:{type:[String,Array],default:null},value:[String,Array],disabled:{type:Boolean,default:void 0},size:String,rows:{type:[Number,String],default:3},round:Boolean,minlength:[String,Number],maxlength:[String,Number],clearable:Boolean,autosize:{type:[Boolean,Object],default:!1},pair:Boolean,separator:String,readonly:{type:[String,Boolean],default:!1},passivelyActivated:Boolean,showPasswordOn:String,stateful:{type:Boolean,default:!0},autofocus:Boolean,inputProps:Object,resizable:{type:Boolean,default:!0},showCount:Boolean,loading:{type:Boolean,default:void 0},allowInput:Function,renderCount:Function,onMousedown:Function,onKeydown:Function,onKeyup:[Function,Array],onInput:[Function,Array],onFocus:[Function,Array],onBlur:[Function,Array],onClick:[Function,Array],onChange:[Function,Array],onClear:[Function,Array],countGraphemes:Function,status:String,"onUpdate:value":[Function,Array],onUpdateValue:[Function,Array],textDecoration:[String,Array],attrSize:{type:Number,default:20},onInputBlur:[Function,Array],onInputFocus:[Function,Array],onDeactivate:[Function,Array],onActivate:[Function,Array],onWrapperFocus:[Function,Array],onWrapperBlur:[Function,Array],internalDeactivateOnEnter:Boolean,internalForceFocus:Boolean,internalLoadingBeforeSuffix:{type:Boolean,default:!0},showPasswordToggle:Boolean},_e=N({name:`Input`,props:J,slots:Object,setup(e){let{mergedClsPrefixRef:t,mergedBorderedRef:r,inlineThemeDisabled:i,mergedRtlRef:o,mergedComponentPropsRef:c}=te(e),d=a(`Input`,`-input`,de,ue,e,t);re&&ne(`-input-safari`,fe,t);let f=R(null),p=R(null),h=R(null),g=R(null),_=R(null),v=R(null),y=R(null),b=pe(y),x=R(null),{localeRef:C}=ie(`Input`),E=R(e.defaultValue),O=z(e,`value`),k=ae(O,E),A=n(e,{mergedSize:t=>{let{size:n}=e;if(n)return n;let{mergedSize:r}=t||{};return r?.value?r.value:c?.value?.Input?.size||`medium`}}),{mergedSizeRef:j,mergedDisabledRef:N,mergedStatusRef:P}=A,F=R(!1),L=R(!1),B=R(!1),V=R(!1),U=null,G=M(()=>{let{placeholder:t,pair:n}=e;return n?Array.isArray(t)?t:t===void 0?[``,``]:[t,t]:t===void 0?[C.value.placeholder]:[t]}),me=M(()=>{let{value:e}=B,{value:t}=k,{value:n}=G;return!e&&(W(t)||Array.isArray(t)&&W(t[0]))&&n[0]}),he=M(()=>{let{value:e}=B,{value:t}=k,{value:n}=G;return!e&&n[1]&&(W(t)||Array.isArray(t)&&W(t[1]))}),K=u(()=>e.internalForceFocus||F.value),ge=u(()=>{if(N.value||e.readonly||!e.clearable||!K.value&&!L.value)return!1;let{value:t}=k,{value:n}=K;return e.pair?!!(Array.isArray(t)&&(t[0]||t[1]))&&(L.value||n):!!t&&(L.value||n)}),q=M(()=>{let{showPasswordOn:t}=e;if(t)return t;if(e.showPasswordToggle)return`click`}),J=R(!1),_e=M(()=>{let{textDecoration:t}=e;return t?Array.isArray(t)?t.map(e=>({textDecoration:e})):[{textDecoration:t}]:[``,``]}),ve=R(void 0),ye=()=>{if(e.type===`textarea`){let{autosize:t}=e;if(t&&(ve.value=x.value?.$el?.offsetWidth),!p.value||typeof t==`boolean`)return;let{paddingTop:n,paddingBottom:r,lineHeight:i}=window.getComputedStyle(p.value),a=Number(n.slice(0,-2)),o=Number(r.slice(0,-2)),s=Number(i.slice(0,-2)),{value:c}=h;if(!c)return;if(t.minRows){let e=Math.max(t.minRows,1),n=`${a+o+s*e}px`;c.style.minHeight=n}if(t.maxRows){let e=`${a+o+s*t.maxRows}px`;c.style.maxHeight=e}}},be=M(()=>{let{maxlength:t}=e;return t===void 0?void 0:Number(t)});ce(()=>{let{value:e}=k;Array.isArray(e)||rt(e)});let xe=se().proxy;function Y(t,n){let{onUpdateValue:r,"onUpdate:value":i,onInput:a}=e,{nTriggerFormInput:o}=A;r&&m(r,t,n),i&&m(i,t,n),a&&m(a,t,n),E.value=t,o()}function X(t,n){let{onChange:r}=e,{nTriggerFormChange:i}=A;r&&m(r,t,n),E.value=t,i()}function Se(t){let{onBlur:n}=e,{nTriggerFormBlur:r}=A;n&&m(n,t),r()}function Ce(t){let{onFocus:n}=e,{nTriggerFormFocus:r}=A;n&&m(n,t),r()}function we(t){let{onClear:n}=e;n&&m(n,t)}function Te(t){let{onInputBlur:n}=e;n&&m(n,t)}function Ee(t){let{onInputFocus:n}=e;n&&m(n,t)}function De(){let{onDeactivate:t}=e;t&&m(t)}function Oe(){let{onActivate:t}=e;t&&m(t)}function ke(t){let{onClick:n}=e;n&&m(n,t)}function Ae(t){let{onWrapperFocus:n}=e;n&&m(n,t)}function je(t){let{onWrapperBlur:n}=e;n&&m(n,t)}function Me(){B.value=!0}function Ne(e){B.value=!1,e.target===v.value?Z(e,1):Z(e,0)}function Z(t,n=0,r=`input`){let i=t.target.value;if(rt(i),t instanceof InputEvent&&!t.isComposing&&(B.value=!1),e.type===`textarea`){let{value:e}=x;e&&e.syncUnifiedContainer()}if(U=i,B.value)return;b.recordCursor();let a=Pe(i);if(a){if(!e.pair)r===`input`?Y(i,{source:n}):X(i,{source:n});else{let{value:e}=k;e=Array.isArray(e)?[e[0],e[1]]:[``,``],e[n]=i,r===`input`?Y(e,{source:n}):X(e,{source:n})}}xe.$forceUpdate(),a||I(b.restoreCursor)}function Pe(t){let{countGraphemes:n,maxlength:r,minlength:i}=e;if(n){let e;if(r!==void 0&&(e===void 0&&(e=n(t)),e>Number(r))||i!==void 0&&(e===void 0&&(e=n(t)),e<Number(r)))return!1}let{allowInput:a}=e;return typeof a!=`function`||a(t)}function Fe(e){Te(e),e.relatedTarget===f.value&&De(),(e.relatedTarget===null||e.relatedTarget!==_.value&&e.relatedTarget!==v.value&&e.relatedTarget!==p.value)&&(V.value=!1),Q(e,`blur`),y.value=null}function Ie(e,t){Ee(e),F.value=!0,V.value=!0,Oe(),Q(e,`focus`),t===0?y.value=_.value:t===1?y.value=v.value:t===2&&(y.value=p.value)}function Le(t){e.passivelyActivated&&(je(t),Q(t,`blur`))}function Re(t){e.passivelyActivated&&(F.value=!0,Ae(t),Q(t,`focus`))}function Q(e,t){e.relatedTarget!==null&&(e.relatedTarget===_.value||e.relatedTarget===v.value||e.relatedTarget===p.value||e.relatedTarget===f.value)||(t===`focus`?(Ce(e),F.value=!0):t===`blur`&&(Se(e),F.value=!1))}function ze(e,t){Z(e,t,`change`)}function Be(e){ke(e)}function Ve(e){we(e),He()}function He(){e.pair?(Y([``,``],{source:`clear`}),X([``,``],{source:`clear`})):(Y(``,{source:`clear`}),X(``,{source:`clear`}))}function Ue(t){let{onMousedown:n}=e;n&&n(t);let{tagName:r}=t.target;if(r!==`INPUT`&&r!==`TEXTAREA`){if(e.resizable){let{value:e}=f;if(e){let{left:n,top:r,width:i,height:a}=e.getBoundingClientRect();if(n+i-14<t.clientX&&t.clientX<n+i&&r+a-14<t.clientY&&t.clientY<r+a)return}}t.preventDefault(),F.value||Ze()}}function We(){L.value=!0,e.type===`textarea`&&x.value?.handleMouseEnterWrapper()}function Ge(){L.value=!1,e.type===`textarea`&&x.value?.handleMouseLeaveWrapper()}function Ke(){N.value||q.value===`click`&&(J.value=!J.value)}function qe(e){if(N.value)return;e.preventDefault();let t=e=>{e.preventDefault(),S(`mouseup`,document,t)};if(w(`mouseup`,document,t),q.value!==`mousedown`)return;J.value=!0;let n=()=>{J.value=!1,S(`mouseup`,document,n)};w(`mouseup`,document,n)}function Je(t){e.onKeyup&&m(e.onKeyup,t)}function Ye(t){switch(e.onKeydown&&m(e.onKeydown,t),t.key){case`Escape`:$();break;case`Enter`:Xe(t)}}function Xe(t){if(e.passivelyActivated){let{value:n}=V;if(n){e.internalDeactivateOnEnter&&$();return}t.preventDefault(),e.type===`textarea`?p.value?.focus():_.value?.focus()}}function $(){e.passivelyActivated&&(V.value=!1,I(()=>{f.value?.focus()}))}function Ze(){N.value||(e.passivelyActivated?f.value?.focus():(p.value?.focus(),_.value?.focus()))}function Qe(){f.value?.contains(document.activeElement)&&document.activeElement.blur()}function $e(){p.value?.select(),_.value?.select()}function et(){N.value||(p.value?p.value.focus():_.value&&_.value.focus())}function tt(){let{value:e}=f;e?.contains(document.activeElement)&&e!==document.activeElement&&$()}function nt(t){if(e.type===`textarea`){let{value:e}=p;e?.scrollTo(t)}else{let{value:e}=_;e?.scrollTo(t)}}function rt(t){let{type:n,pair:r,autosize:i}=e;if(!r&&i){if(n===`textarea`){let{value:e}=h;e&&(e.textContent=`${t??``}\r\n`)}else{let{value:e}=g;e&&(t?e.textContent=t:e.innerHTML=`&nbsp;`)}}}function it(){ye()}let at=R({top:`0`});function ot(e){let{scrollTop:t}=e.target;at.value.top=`${-t}px`,x.value?.syncUnifiedContainer()}let st=null;D(()=>{let{autosize:t,type:n}=e;t&&n===`textarea`?st=T(k,e=>{!Array.isArray(e)&&e!==U&&rt(e)}):st?.()});let ct=null;D(()=>{e.type===`textarea`?ct=T(k,e=>{!Array.isArray(e)&&e!==U&&x.value?.syncUnifiedContainer()}):ct?.()}),le(H,{mergedValueRef:k,maxlengthRef:be,mergedClsPrefixRef:t,countGraphemesRef:z(e,`countGraphemes`)});let lt={wrapperElRef:f,inputElRef:_,textareaElRef:p,isCompositing:B,clear:He,focus:Ze,blur:Qe,select:$e,deactivate:tt,activate:et,scrollTo:nt},ut=ee(`Input`,o,t),dt=M(()=>{let{value:e}=j,{common:{cubicBezierEaseInOut:t},self:{color:n,colorHover:r,borderRadius:i,textColor:a,caretColor:o,caretColorError:s,caretColorWarning:c,textDecorationColor:u,border:f,borderDisabled:ee,borderHover:p,borderFocus:te,placeholderColor:m,placeholderColorDisabled:h,lineHeightTextarea:g,colorDisabled:_,colorFocus:ne,textColorDisabled:re,boxShadowFocus:v,iconSize:ie,colorFocusWarning:y,boxShadowFocusWarning:ae,borderWarning:b,borderFocusWarning:x,borderHoverWarning:S,colorFocusError:C,boxShadowFocusError:w,borderError:T,borderFocusError:E,borderHoverError:se,clearSize:D,clearColor:O,clearColorHover:k,clearColorPressed:ce,iconColor:A,iconColorDisabled:M,suffixTextColor:le,countTextColor:N,countTextColorDisabled:P,iconColorHover:F,iconColorPressed:I,loadingColor:L,loadingColorError:R,loadingColorWarning:z,fontWeight:ue,[l(`padding`,e)]:B,[l(`fontSize`,e)]:V,[l(`height`,e)]:H}}=d.value,{left:de,right:fe}=oe(B);return{"--n-bezier":t,"--n-count-text-color":N,"--n-count-text-color-disabled":P,"--n-color":n,"--n-color-hover":r,"--n-font-size":V,"--n-font-weight":ue,"--n-border-radius":i,"--n-height":H,"--n-padding-left":de,"--n-padding-right":fe,"--n-text-color":a,"--n-caret-color":o,"--n-text-decoration-color":u,"--n-border":f,"--n-border-disabled":ee,"--n-border-hover":p,"--n-border-focus":te,"--n-placeholder-color":m,"--n-placeholder-color-disabled":h,"--n-icon-size":ie,"--n-line-height-textarea":g,"--n-color-disabled":_,"--n-color-focus":ne,"--n-text-color-disabled":re,"--n-box-shadow-focus":v,"--n-loading-color":L,"--n-caret-color-warning":c,"--n-color-focus-warning":y,"--n-box-shadow-focus-warning":ae,"--n-border-warning":b,"--n-border-focus-warning":x,"--n-border-hover-warning":S,"--n-loading-color-warning":z,"--n-caret-color-error":s,"--n-color-focus-error":C,"--n-box-shadow-focus-error":w,"--n-border-error":T,"--n-border-focus-error":E,"--n-border-hover-error":se,"--n-loading-color-error":R,"--n-clear-color":O,"--n-clear-size":D,"--n-clear-color-hover":k,"--n-clear-color-pressed":ce,"--n-icon-color":A,"--n-icon-color-hover":F,"--n-icon-color-pressed":I,"--n-icon-color-disabled":M,"--n-suffix-text-color":le}}),ft=i?s(`input`,M(()=>{let{value:e}=j;return e[0]}),dt,e):void 0;return{...lt,wrapperElRef:f,inputElRef:_,inputMirrorElRef:g,inputEl2Ref:v,textareaElRef:p,textareaMirrorElRef:h,textareaScrollbarInstRef:x,rtlEnabled:ut,uncontrolledValue:E,mergedValue:k,passwordVisible:J,mergedPlaceholder:G,showPlaceholder1:me,showPlaceholder2:he,mergedFocus:K,isComposing:B,activated:V,showClearButton:ge,mergedSize:j,mergedDisabled:N,textDecorationStyle:_e,mergedClsPrefix:t,mergedBordered:r,mergedShowPasswordOn:q,placeholderStyle:at,mergedStatus:P,textAreaScrollContainerWidth:ve,handleTextAreaScroll:ot,handleCompositionStart:Me,handleCompositionEnd:Ne,handleInput:Z,handleInputBlur:Fe,handleInputFocus:Ie,handleWrapperBlur:Le,handleWrapperFocus:Re,handleMouseEnter:We,handleMouseLeave:Ge,handleMouseDown:Ue,handleChange:ze,handleClick:Be,handleClear:Ve,handlePasswordToggleClick:Ke,handlePasswordToggleMousedown:qe,handleWrapperKeydown:Ye,handleWrapperKeyup:Je,handleTextAreaMirrorResize:it,getTextareaScrollContainer:()=>p.value,mergedTheme:d,cssVars:i?void 0:dt,themeClass:ft?.themeClass,onRender:ft?.onRender}},render(){let{mergedClsPrefix:t,mergedStatus:n,themeClass:r,type:i,countGraphemes:a,onRender:o}=this,s=this.$slots;return o?.(),P(),k(`div`,{ref:`wrapperElRef`,class:p([`${t}-input`,`${t}-input--${this.mergedSize}-size`,r,n&&`${t}-input--${n}-status`,{[`${t}-input--rtl`]:this.rtlEnabled,[`${t}-input--disabled`]:this.mergedDisabled,[`${t}-input--textarea`]:i===`textarea`,[`${t}-input--resizable`]:this.resizable&&!this.autosize,[`${t}-input--autosize`]:this.autosize,[`${t}-input--round`]:this.round&&i!==`textarea`,[`${t}-input--pair`]:this.pair,[`${t}-input--focus`]:this.mergedFocus,[`${t}-input--stateful`]:this.stateful}]),style:A(this.cssVars),tabindex:!this.mergedDisabled&&this.passivelyActivated&&!this.activated?0:void 0,onFocus:this.handleWrapperFocus,onBlur:this.handleWrapperBlur,onClick:this.handleClick,onMousedown:this.handleMouseDown,onMouseenter:this.handleMouseEnter,onMouseleave:this.handleMouseLeave,onCompositionstart:this.handleCompositionStart,onCompositionend:this.handleCompositionEnd,onKeyup:this.handleWrapperKeyup,onKeydown:this.handleWrapperKeydown},[O(`div`,{class:p(`${t}-input-wrapper`)},[c(()=>e(s.prefix,e=>e&&(P(),k(`div`,{class:p(`${t}-input__prefix`)},[c(()=>e)],2)))),i===`textarea`?(P(),L(C,{key:0,ref:`textareaScrollbarInstRef`,class:p(`${t}-input__textarea`),container:this.getTextareaScrollContainer,theme:this.theme?.peers?.Scrollbar,themeOverrides:this.themeOverrides?.peers?.Scrollbar,triggerDisplayManually:!0,useUnifiedContainer:!0,internalHoistYRail:!0},{default:()=>{let{textAreaScrollContainerWidth:e}=this,n={width:this.autosize&&e&&`${e}px`};return P(),k(F,null,[O(`textarea`,j(this.inputProps,{ref:`textareaElRef`,class:[`${t}-input__textarea-el`,this.inputProps?.class],autofocus:this.autofocus,rows:Number(this.rows),placeholder:this.placeholder,value:this.mergedValue,disabled:this.mergedDisabled,maxlength:a?void 0:this.maxlength,minlength:a?void 0:this.minlength,readonly:this.readonly,tabindex:this.passivelyActivated&&!this.activated?-1:void 0,style:[this.textDecorationStyle[0],this.inputProps?.style,n],onBlur:this.handleInputBlur,onFocus:e=>{this.handleInputFocus(e,2)},onInput:this.handleInput,onChange:this.handleChange,onScroll:this.handleTextAreaScroll}),null,16,me),this.showPlaceholder1?(P(),k(`div`,{class:p(`${t}-input__placeholder`),style:A([this.placeholderStyle,n]),key:`placeholder`},[c(()=>this.mergedPlaceholder[0])],6)):c(()=>null),this.autosize?(P(),L(x,{key:2,onResize:this.handleTextAreaMirrorResize},{default:()=>(P(),k(`div`,{ref:`textareaMirrorElRef`,class:p(`${t}-input__textarea-mirror`),key:`mirror`},null,2))},1032,[`onResize`])):c(()=>null)],64)}},1032,[`class`,`container`,`theme`,`themeOverrides`])):(P(),k(`div`,{key:1,class:p(`${t}-input__input`)},[O(`input`,j({type:i===`password`&&this.mergedShowPasswordOn&&this.passwordVisible?`text`:i},this.inputProps,{ref:`inputElRef`,class:[`${t}-input__input-el`,this.inputProps?.class],style:[this.textDecorationStyle[0],this.inputProps?.style],tabindex:this.passivelyActivated&&!this.activated?-1:this.inputProps?.tabindex,placeholder:this.mergedPlaceholder[0],disabled:this.mergedDisabled,maxlength:a?void 0:this.maxlength,minlength:a?void 0:this.minlength,value:Array.isArray(this.mergedValue)?this.mergedValue[0]:this.mergedValue,readonly:this.readonly,autofocus:this.autofocus,size:this.attrSize,onBlur:this.handleInputBlur,onFocus:e=>{this.handleInputFocus(e,0)},onInput:e=>{this.handleInput(e,0)},onChange:e=>{this.handleChange(e,0)}}),null,16,he),this.showPlaceholder1?(P(),k(`div`,{key:0,class:p(`${t}-input__placeholder`)},[O(`span`,null,[c(()=>this.mergedPlaceholder[0])])],2)):c(()=>null),this.autosize?(P(),k(`div`,{class:p(`${t}-input__input-mirror`),key:`mirror`,ref:`inputMirrorElRef`},`\xA0`,2)):c(()=>null)],2)),c(()=>!this.pair&&e(s.suffix,n=>n||this.clearable||this.showCount||this.mergedShowPasswordOn||this.loading!==void 0?(P(),k(`div`,{key:1,class:p(`${t}-input__suffix`)},[c(()=>[e(s[`clear-icon-placeholder`],e=>(this.clearable||e)&&(P(),L(v,{clsPrefix:t,show:this.showClearButton,onClear:this.handleClear},{placeholder:()=>e,icon:()=>this.$slots[`clear-icon`]?.()},1032,[`clsPrefix`,`show`,`onClear`]))),this.internalLoadingBeforeSuffix?null:n,this.loading===void 0?null:(P(),L(y,{key:2,clsPrefix:t,loading:this.loading,showArrow:!1,showClear:!1,style:A(this.cssVars)},null,8,[`clsPrefix`,`loading`,`style`])),this.internalLoadingBeforeSuffix?n:null,this.showCount&&this.type!==`textarea`?(P(),L(G,{key:3},{default:e=>{let{renderCount:t}=this;return t?t(e):s.count?.(e)}},1024)):null,this.mergedShowPasswordOn&&this.type===`password`?(P(),k(`div`,{key:4,class:p(`${t}-input__eye`),onMousedown:this.handlePasswordToggleMousedown,onClick:this.handlePasswordToggleClick},[this.passwordVisible?(P(),k(F,{key:0},[c(()=>d(s[`password-visible-icon`],()=>[(P(),L(b,{clsPrefix:t},{default:()=>(P(),L(B))},1032,[`clsPrefix`]))]))],64)):(P(),k(F,{key:1},[c(()=>d(s[`password-invisible-icon`],()=>[(P(),L(b,{clsPrefix:t},{default:()=>(P(),L(V))},1032,[`clsPrefix`]))]))],64))],42,K)):null])],2)):null))],2),this.pair?(P(),k(`span`,{key:0,class:p(`${t}-input__separator`)},[c(()=>d(s.separator,()=>[this.separator]))],2)):c(()=>null),this.pair?(P(),k(`div`,{key:2,class:p(`${t}-input-wrapper`)},[O(`div`,{class:p(`${t}-input__input`)},[O(`input`,{ref:`inputEl2Ref`,type:this.type,class:p(`${t}-input__input-el`),tabindex:this.passivelyActivated&&!this.activated?-1:void 0,placeholder:this.mergedPlaceholder[1],disabled:this.mergedDisabled,maxlength:a?void 0:this.maxlength,minlength:a?void 0:this.minlength,value:Array.isArray(this.mergedValue)?this.mergedValue[1]:void 0,readonly:this.readonly,style:A(this.textDecorationStyle[1]),onBlur:this.handleInputBlur,onFocus:e=>{this.handleInputFocus(e,1)},onInput:e=>{this.handleInput(e,1)},onChange:e=>{this.handleChange(e,1)}},null,46,ge),this.showPlaceholder2?(P(),k(`div`,{key:0,class:p(`${t}-input__placeholder`)},[O(`span`,null,[c(()=>this.mergedPlaceholder[1])])],2)):c(()=>null)],2),c(()=>e(s.suffix,e=>(this.clearable||e)&&(P(),k(`div`,{class:p(`${t}-input__suffix`)},[c(()=>[this.clearable&&(P(),L(v,{clsPrefix:t,show:this.showClearButton,onClear:this.handleClear},{icon:()=>s[`clear-icon`]?.(),placeholder:()=>s[`clear-icon-placeholder`]?.()},1032,[`clsPrefix`,`show`,`onClear`])),e])],2))))],2)):c(()=>null),this.mergedBordered?(P(),k(`div`,{key:4,class:p(`${t}-input__border`)},null,2)):c(()=>null),this.mergedBordered?(P(),k(`div`,{key:6,class:p(`${t}-input__state-border`)},null,2)):c(()=>null),this.showCount&&i===`textarea`?(P(),L(G,{key:8},{default:e=>{let{renderCount:t}=this;return t?t(e):s.count?.(e)}},1024)):c(()=>null)],46,q)}});export{_e as t};