import{D as e,E as t,Ht as n,J as r,L as i,On as a,Ut as o,_ as s,b as c,ct as l,er as u,et as d,g as f,gt as p,k as m,mt as h,o as g,qt as _,tr as v,tt as y,v as b,vn as x,wn as S,xn as C,y as w}from"./runtime-core.esm-bundler-wlpNGAAZ.js";import{O as T,S as E,n as D,v as O,y as k}from"./Icon-CiKtbQvp.js";import{$t as A,B as ee,D as j,F as M,G as N,H as P,I as F,K as te,L as I,P as L,Qt as R,S as ne,T as z,U as B,V,Xt as H,Yt as U,_ as re,at as W,ct as G,en as K,ft as ie,it as q,j as ae,lt as oe,m as J,mt as se,tn as ce,tt as le,u as ue,z as de}from"./say-CRknWSi_.js";import{a as fe,i as pe,r as me,t as he}from"./ProblemBox-DQE3SI0L.js";import{t as ge}from"./light-BEt0NL1i.js";import{t as Y}from"./session-Bu5b8TSy.js";var X=m({name:`Eye`,render(){return(()=>{let e=q(`ae479a1970012861`);return e[0]||=s(`svg`,{xmlns:`http://www.w3.org/2000/svg`,viewBox:`0 0 512 512`},[s(`path`,{d:`M255.66 112c-77.94 0-157.89 45.11-220.83 135.33a16 16 0 0 0-.27 17.77C82.92 340.8 161.8 400 255.66 400c92.84 0 173.34-59.38 221.79-135.25a16.14 16.14 0 0 0 0-17.47C428.89 172.28 347.8 112 255.66 112z`,fill:`none`,stroke:`currentColor`,"stroke-linecap":`round`,"stroke-linejoin":`round`,"stroke-width":`32`}),s(`circle`,{cx:`256`,cy:`256`,r:`80`,fill:`none`,stroke:`currentColor`,"stroke-miterlimit":`10`,"stroke-width":`32`})],-1)})()}}),_e=m({name:`EyeOff`,render(){return(()=>{let e=q(`2c06203b450ce879`);return e[0]||=s(`svg`,{xmlns:`http://www.w3.org/2000/svg`,viewBox:`0 0 512 512`},[s(`path`,{d:`M432 448a15.92 15.92 0 0 1-11.31-4.69l-352-352a16 16 0 0 1 22.62-22.62l352 352A16 16 0 0 1 432 448z`,fill:`currentColor`}),s(`path`,{d:`M255.66 384c-41.49 0-81.5-12.28-118.92-36.5c-34.07-22-64.74-53.51-88.7-91v-.08c19.94-28.57 41.78-52.73 65.24-72.21a2 2 0 0 0 .14-2.94L93.5 161.38a2 2 0 0 0-2.71-.12c-24.92 21-48.05 46.76-69.08 76.92a31.92 31.92 0 0 0-.64 35.54c26.41 41.33 60.4 76.14 98.28 100.65C162 402 207.9 416 255.66 416a239.13 239.13 0 0 0 75.8-12.58a2 2 0 0 0 .77-3.31l-21.58-21.58a4 4 0 0 0-3.83-1a204.8 204.8 0 0 1-51.16 6.47z`,fill:`currentColor`}),s(`path`,{d:`M490.84 238.6c-26.46-40.92-60.79-75.68-99.27-100.53C349 110.55 302 96 255.66 96a227.34 227.34 0 0 0-74.89 12.83a2 2 0 0 0-.75 3.31l21.55 21.55a4 4 0 0 0 3.88 1a192.82 192.82 0 0 1 50.21-6.69c40.69 0 80.58 12.43 118.55 37c34.71 22.4 65.74 53.88 89.76 91a.13.13 0 0 1 0 .16a310.72 310.72 0 0 1-64.12 72.73a2 2 0 0 0-.15 2.95l19.9 19.89a2 2 0 0 0 2.7.13a343.49 343.49 0 0 0 68.64-78.48a32.2 32.2 0 0 0-.1-34.78z`,fill:`currentColor`}),s(`path`,{d:`M256 160a95.88 95.88 0 0 0-21.37 2.4a2 2 0 0 0-1 3.38l112.59 112.56a2 2 0 0 0 3.38-1A96 96 0 0 0 256 160z`,fill:`currentColor`}),s(`path`,{d:`M165.78 233.66a2 2 0 0 0-3.38 1a96 96 0 0 0 115 115a2 2 0 0 0 1-3.38z`,fill:`currentColor`})],-1)})()}}),ve=se(`n-input`),ye=H(`input`,`
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
`,[R(`input, textarea`,`
 overflow: hidden;
 flex-grow: 1;
 position: relative;
 `),R(`input-el, textarea-el, input-mirror, textarea-mirror, separator, placeholder`,`
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
 `),R(`input-el, textarea-el`,`
 -webkit-appearance: none;
 scrollbar-width: none;
 width: 100%;
 min-width: 0;
 text-decoration-color: var(--n-text-decoration-color);
 color: var(--n-text-color);
 caret-color: var(--n-caret-color);
 background-color: transparent;
 `,[U(`&::-webkit-scrollbar, &::-webkit-scrollbar-track-piece, &::-webkit-scrollbar-thumb`,`
 width: 0;
 height: 0;
 display: none;
 `),U(`&::placeholder`,`
 color: #0000;
 -webkit-text-fill-color: transparent !important;
 `),U(`&:-webkit-autofill ~`,[R(`placeholder`,`display: none;`)])]),A(`round`,[K(`textarea`,`border-radius: calc(var(--n-height) / 2);`)]),R(`placeholder`,`
 pointer-events: none;
 position: absolute;
 left: 0;
 right: 0;
 top: 0;
 bottom: 0;
 overflow: hidden;
 color: var(--n-placeholder-color);
 `,[U(`span`,`
 width: 100%;
 display: inline-block;
 `)]),A(`textarea`,[R(`placeholder`,`overflow: visible;`)]),K(`autosize`,`width: 100%;`),A(`autosize`,[R(`textarea-el, input-el`,`
 position: absolute;
 top: 0;
 left: 0;
 height: 100%;
 `)]),H(`input-wrapper`,`
 overflow: hidden;
 display: inline-flex;
 flex-grow: 1;
 position: relative;
 padding-left: var(--n-padding-left);
 padding-right: var(--n-padding-right);
 `),R(`input-mirror`,`
 padding: 0;
 height: var(--n-height);
 line-height: var(--n-height);
 overflow: hidden;
 visibility: hidden;
 position: static;
 white-space: pre;
 pointer-events: none;
 `),R(`input-el`,`
 padding: 0;
 height: var(--n-height);
 line-height: var(--n-height);
 `,[U(`&[type=password]::-ms-reveal`,`display: none;`),U(`+`,[R(`placeholder`,`
 display: flex;
 align-items: center; 
 `)])]),K(`textarea`,[R(`placeholder`,`white-space: nowrap;`)]),R(`eye`,`
 display: flex;
 align-items: center;
 justify-content: center;
 transition: color .3s var(--n-bezier);
 `),A(`textarea`,`width: 100%;`,[H(`input-word-count`,`
 position: absolute;
 right: var(--n-padding-right);
 bottom: var(--n-padding-vertical);
 `),A(`resizable`,[H(`input-wrapper`,`
 resize: vertical;
 min-height: var(--n-height);
 `)]),R(`textarea-el, textarea-mirror, placeholder`,`
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
 `),R(`textarea-mirror`,`
 width: 100%;
 pointer-events: none;
 overflow: hidden;
 visibility: hidden;
 position: static;
 white-space: pre-wrap;
 overflow-wrap: break-word;
 `)]),A(`pair`,[R(`input-el, placeholder`,`text-align: center;`),R(`separator`,`
 display: flex;
 align-items: center;
 transition: color .3s var(--n-bezier);
 color: var(--n-text-color);
 white-space: nowrap;
 `,[H(`icon`,`
 color: var(--n-icon-color);
 `),H(`base-icon`,`
 color: var(--n-icon-color);
 `)])]),A(`disabled`,`
 cursor: not-allowed;
 background-color: var(--n-color-disabled);
 `,[R(`border`,`border: var(--n-border-disabled);`),R(`input-el, textarea-el`,`
 cursor: not-allowed;
 color: var(--n-text-color-disabled);
 text-decoration-color: var(--n-text-color-disabled);
 `),R(`placeholder`,`color: var(--n-placeholder-color-disabled);`),R(`separator`,`color: var(--n-text-color-disabled);`,[H(`icon`,`
 color: var(--n-icon-color-disabled);
 `),H(`base-icon`,`
 color: var(--n-icon-color-disabled);
 `)]),H(`input-word-count`,`
 color: var(--n-count-text-color-disabled);
 `),R(`suffix, prefix`,`color: var(--n-text-color-disabled);`,[H(`icon`,`
 color: var(--n-icon-color-disabled);
 `),H(`internal-icon`,`
 color: var(--n-icon-color-disabled);
 `)])]),K(`disabled`,[R(`eye`,`
 color: var(--n-icon-color);
 cursor: pointer;
 `,[U(`&:hover`,`
 color: var(--n-icon-color-hover);
 `),U(`&:active`,`
 color: var(--n-icon-color-pressed);
 `)]),U(`&:hover`,`background-color: var(--n-color-hover);`,[R(`state-border`,`border: var(--n-border-hover);`)]),A(`focus`,`background-color: var(--n-color-focus);`,[R(`state-border`,`
 border: var(--n-border-focus);
 box-shadow: var(--n-box-shadow-focus);
 `)])]),R(`border, state-border`,`
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
 `),R(`state-border`,`
 border-color: #0000;
 z-index: 1;
 `),R(`prefix`,`margin-right: 4px;`),R(`suffix`,`
 margin-left: 4px;
 `),R(`suffix, prefix`,`
 transition: color .3s var(--n-bezier);
 flex-wrap: nowrap;
 flex-shrink: 0;
 line-height: var(--n-height);
 white-space: nowrap;
 display: inline-flex;
 align-items: center;
 justify-content: center;
 color: var(--n-suffix-text-color);
 `,[H(`base-loading`,`
 font-size: var(--n-icon-size);
 margin: 0 2px;
 color: var(--n-loading-color);
 `),H(`base-clear`,`
 font-size: var(--n-icon-size);
 `,[R(`placeholder`,[H(`base-icon`,`
 transition: color .3s var(--n-bezier);
 color: var(--n-icon-color);
 font-size: var(--n-icon-size);
 `)])]),U(`>`,[H(`icon`,`
 transition: color .3s var(--n-bezier);
 color: var(--n-icon-color);
 font-size: var(--n-icon-size);
 `)]),H(`base-icon`,`
 font-size: var(--n-icon-size);
 `)]),H(`input-word-count`,`
 pointer-events: none;
 line-height: 1.5;
 font-size: .85em;
 color: var(--n-count-text-color);
 transition: color .3s var(--n-bezier);
 margin-left: 4px;
 font-variant: tabular-nums;
 `),[`warning`,`error`].map(e=>A(`${e}-status`,[K(`disabled`,[H(`base-loading`,`
 color: var(--n-loading-color-${e})
 `),R(`input-el, textarea-el`,`
 caret-color: var(--n-caret-color-${e});
 `),R(`state-border`,`
 border: var(--n-border-${e});
 `),U(`&:hover`,[R(`state-border`,`
 border: var(--n-border-hover-${e});
 `)]),U(`&:focus`,`
 background-color: var(--n-color-focus-${e});
 `,[R(`state-border`,`
 box-shadow: var(--n-box-shadow-focus-${e});
 border: var(--n-border-focus-${e});
 `)]),A(`focus`,`
 background-color: var(--n-color-focus-${e});
 `,[R(`state-border`,`
 box-shadow: var(--n-box-shadow-focus-${e});
 border: var(--n-border-focus-${e});
 `)])])]))]),be=H(`input`,[A(`disabled`,[R(`input-el, textarea-el`,`
 -webkit-text-fill-color: var(--n-text-color-disabled);
 `)])]);function xe(e){let t=0;for(let n of e)t++;return t}function Z(e){return e===``||e==null}function Se(e){let t=x(null);function r(){let{value:n}=e;if(!n?.focus){a();return}let{selectionStart:r,selectionEnd:i,value:o}=n;r==null||i==null?a():t.value={start:r,end:i,beforeText:o.slice(0,r),afterText:o.slice(i)}}function i(){let{value:n}=t,{value:r}=e;if(!n||!r)return;let{value:i}=r,{start:a,beforeText:o,afterText:s}=n,c=i.length;if(i.endsWith(s))c=i.length-s.length;else if(i.startsWith(o))c=o.length;else{let e=o[a-1],t=i.indexOf(e,a-1);t!==-1&&(c=t+1)}r.setSelectionRange?.(c,c)}function a(){t.value=null}return n(e,a),{recordCursor:r,restoreCursor:i}}var Ce=m({name:`InputWordCount`,setup(e,{slots:t}){let{mergedValueRef:n,maxlengthRef:i,mergedClsPrefixRef:a,countGraphemesRef:o}=r(ve),s=f(()=>{let{value:e}=n;return e===null||Array.isArray(e)?0:(o.value||xe)(e)});return()=>{let{value:e}=i,{value:r}=n;return h(),c(`span`,{class:W(`${a.value}-input-word-count`)},[G(()=>M(t.default,{value:r===null||Array.isArray(r)?``:r},()=>[e===void 0?s.value:`${s.value} / ${e}`]))],2)}}}),we=[`autofocus`,`rows`,`placeholder`,`value`,`disabled`,`maxlength`,`minlength`,`readonly`,`tabindex`,`onBlur`,`onFocus`,`onInput`,`onChange`,`onScroll`],Te=[`type`,`tabindex`,`placeholder`,`disabled`,`maxlength`,`minlength`,`value`,`readonly`,`autofocus`,`size`,`onBlur`,`onFocus`,`onInput`,`onChange`],Ee=[`onMousedown`,`onClick`],De=[`type`,`tabindex`,`placeholder`,`disabled`,`maxlength`,`minlength`,`value`,`readonly`,`onBlur`,`onFocus`,`onInput`,`onChange`],Oe=[`tabindex`,`onFocus`,`onBlur`,`onClick`,`onMousedown`,`onMouseenter`,`onMouseleave`,`onCompositionstart`,`onCompositionend`,`onKeyup`,`onKeydown`],ke={...N.props,bordered:{type:Boolean,default:void 0},type:{type:String,default:`text`},placeholder:[Array,String],defaultValue:{type:[String,Array],default:null},value:[String,Array],disabled:{type:Boolean,default:void 0},size:String,rows:{type:[Number,String],default:3},round:Boolean,minlength:[String,Number],maxlength:[String,Number],clearable:Boolean,autosize:{type:[Boolean,Object],default:!1},pair:Boolean,separator:String,readonly:{type:[String,Boolean],default:!1},passivelyActivated:Boolean,showPasswordOn:String,stateful:{type:Boolean,default:!0},autofocus:Boolean,inputProps:Object,resizable:{type:Boolean,default:!0},showCount:Boolean,loading:{type:Boolean,default:void 0},allowInput:Function,renderCount:Function,onMousedown:Function,onKeydown:Function,onKeyup:[Function,Array],onInput:[Function,Array],onFocus:[Function,Array],onBlur:[Function,Array],onClick:[Function,Array],onChange:[Function,Array],onClear:[Function,Array],countGraphemes:Function,status:String,"onUpdate:value":[Function,Array],onUpdateValue:[Function,Array],textDecoration:[String,Array],attrSize:{type:Number,default:20},onInputBlur:[Function,Array],onInputFocus:[Function,Array],onDeactivate:[Function,Array],onActivate:[Function,Array],onWrapperFocus:[Function,Array],onWrapperBlur:[Function,Array],internalDeactivateOnEnter:Boolean,internalForceFocus:Boolean,internalLoadingBeforeSuffix:{type:Boolean,default:!0},showPasswordToggle:Boolean},Ae=m({name:`Input`,props:ke,slots:Object,setup(e){let{mergedClsPrefixRef:t,mergedBorderedRef:r,inlineThemeDisabled:a,mergedRtlRef:s,mergedComponentPropsRef:c}=ie(e),u=N(`Input`,`-input`,ye,ge,e,t);re&&oe(`-input-safari`,be,t);let d=x(null),m=x(null),h=x(null),g=x(null),_=x(null),v=x(null),b=x(null),C=Se(b),w=x(null),{localeRef:T}=fe(`Input`),E=x(e.defaultValue),D=S(e,`value`),O=de(D,E),k=ne(e,{mergedSize:t=>{let{size:n}=e;if(n)return n;let{mergedSize:r}=t||{};return r?.value?r.value:c?.value?.Input?.size||`medium`}}),{mergedSizeRef:A,mergedDisabledRef:j,mergedStatusRef:M}=k,F=x(!1),L=x(!1),R=x(!1),z=x(!1),B=null,H=f(()=>{let{placeholder:t,pair:n}=e;return n?Array.isArray(t)?t:t===void 0?[``,``]:[t,t]:t===void 0?[T.value.placeholder]:[t]}),U=f(()=>{let{value:e}=R,{value:t}=O,{value:n}=H;return!e&&(Z(t)||Array.isArray(t)&&Z(t[0]))&&n[0]}),W=f(()=>{let{value:e}=R,{value:t}=O,{value:n}=H;return!e&&n[1]&&(Z(t)||Array.isArray(t)&&Z(t[1]))}),G=ee(()=>e.internalForceFocus||F.value),K=ee(()=>{if(j.value||e.readonly||!e.clearable||!G.value&&!L.value)return!1;let{value:t}=O,{value:n}=G;return e.pair?!!(Array.isArray(t)&&(t[0]||t[1]))&&(L.value||n):!!t&&(L.value||n)}),q=f(()=>{let{showPasswordOn:t}=e;if(t)return t;if(e.showPasswordToggle)return`click`}),J=x(!1),se=f(()=>{let{textDecoration:t}=e;return t?Array.isArray(t)?t.map(e=>({textDecoration:e})):[{textDecoration:t}]:[``,``]}),ue=x(void 0),pe=()=>{if(e.type===`textarea`){let{autosize:t}=e;if(t&&(ue.value=w.value?.$el?.offsetWidth),!m.value||typeof t==`boolean`)return;let{paddingTop:n,paddingBottom:r,lineHeight:i}=window.getComputedStyle(m.value),a=Number(n.slice(0,-2)),o=Number(r.slice(0,-2)),s=Number(i.slice(0,-2)),{value:c}=h;if(!c)return;if(t.minRows){let e=Math.max(t.minRows,1),n=`${a+o+s*e}px`;c.style.minHeight=n}if(t.maxRows){let e=`${a+o+s*t.maxRows}px`;c.style.maxHeight=e}}},me=f(()=>{let{maxlength:t}=e;return t===void 0?void 0:Number(t)});l(()=>{let{value:e}=O;Array.isArray(e)||rt(e)});let he=i().proxy;function Y(t,n){let{onUpdateValue:r,"onUpdate:value":i,onInput:a}=e,{nTriggerFormInput:o}=k;r&&I(r,t,n),i&&I(i,t,n),a&&I(a,t,n),E.value=t,o()}function X(t,n){let{onChange:r}=e,{nTriggerFormChange:i}=k;r&&I(r,t,n),E.value=t,i()}function _e(t){let{onBlur:n}=e,{nTriggerFormBlur:r}=k;n&&I(n,t),r()}function xe(t){let{onFocus:n}=e,{nTriggerFormFocus:r}=k;n&&I(n,t),r()}function Ce(t){let{onClear:n}=e;n&&I(n,t)}function we(t){let{onInputBlur:n}=e;n&&I(n,t)}function Te(t){let{onInputFocus:n}=e;n&&I(n,t)}function Ee(){let{onDeactivate:t}=e;t&&I(t)}function De(){let{onActivate:t}=e;t&&I(t)}function Oe(t){let{onClick:n}=e;n&&I(n,t)}function ke(t){let{onWrapperFocus:n}=e;n&&I(n,t)}function Ae(t){let{onWrapperBlur:n}=e;n&&I(n,t)}function je(){R.value=!0}function Me(e){R.value=!1,e.target===v.value?Q(e,1):Q(e,0)}function Q(t,n=0,r=`input`){let i=t.target.value;if(rt(i),t instanceof InputEvent&&!t.isComposing&&(R.value=!1),e.type===`textarea`){let{value:e}=w;e&&e.syncUnifiedContainer()}if(B=i,R.value)return;C.recordCursor();let a=Ne(i);if(a){if(!e.pair)r===`input`?Y(i,{source:n}):X(i,{source:n});else{let{value:e}=O;e=Array.isArray(e)?[e[0],e[1]]:[``,``],e[n]=i,r===`input`?Y(e,{source:n}):X(e,{source:n})}}he.$forceUpdate(),a||y(C.restoreCursor)}function Ne(t){let{countGraphemes:n,maxlength:r,minlength:i}=e;if(n){let e;if(r!==void 0&&(e===void 0&&(e=n(t)),e>Number(r))||i!==void 0&&(e===void 0&&(e=n(t)),e<Number(r)))return!1}let{allowInput:a}=e;return typeof a!=`function`||a(t)}function Pe(e){we(e),e.relatedTarget===d.value&&Ee(),(e.relatedTarget===null||e.relatedTarget!==_.value&&e.relatedTarget!==v.value&&e.relatedTarget!==m.value)&&(z.value=!1),$(e,`blur`),b.value=null}function Fe(e,t){Te(e),F.value=!0,z.value=!0,De(),$(e,`focus`),t===0?b.value=_.value:t===1?b.value=v.value:t===2&&(b.value=m.value)}function Ie(t){e.passivelyActivated&&(Ae(t),$(t,`blur`))}function Le(t){e.passivelyActivated&&(F.value=!0,ke(t),$(t,`focus`))}function $(e,t){e.relatedTarget!==null&&(e.relatedTarget===_.value||e.relatedTarget===v.value||e.relatedTarget===m.value||e.relatedTarget===d.value)||(t===`focus`?(xe(e),F.value=!0):t===`blur`&&(_e(e),F.value=!1))}function Re(e,t){Q(e,t,`change`)}function ze(e){Oe(e)}function Be(e){Ce(e),Ve()}function Ve(){e.pair?(Y([``,``],{source:`clear`}),X([``,``],{source:`clear`})):(Y(``,{source:`clear`}),X(``,{source:`clear`}))}function He(t){let{onMousedown:n}=e;n&&n(t);let{tagName:r}=t.target;if(r!==`INPUT`&&r!==`TEXTAREA`){if(e.resizable){let{value:e}=d;if(e){let{left:n,top:r,width:i,height:a}=e.getBoundingClientRect();if(n+i-14<t.clientX&&t.clientX<n+i&&r+a-14<t.clientY&&t.clientY<r+a)return}}t.preventDefault(),F.value||Ze()}}function Ue(){L.value=!0,e.type===`textarea`&&w.value?.handleMouseEnterWrapper()}function We(){L.value=!1,e.type===`textarea`&&w.value?.handleMouseLeaveWrapper()}function Ge(){j.value||q.value===`click`&&(J.value=!J.value)}function Ke(e){if(j.value)return;e.preventDefault();let t=e=>{e.preventDefault(),V(`mouseup`,document,t)};if(P(`mouseup`,document,t),q.value!==`mousedown`)return;J.value=!0;let n=()=>{J.value=!1,V(`mouseup`,document,n)};P(`mouseup`,document,n)}function qe(t){e.onKeyup&&I(e.onKeyup,t)}function Je(t){switch(e.onKeydown&&I(e.onKeydown,t),t.key){case`Escape`:Xe();break;case`Enter`:Ye(t)}}function Ye(t){if(e.passivelyActivated){let{value:n}=z;if(n){e.internalDeactivateOnEnter&&Xe();return}t.preventDefault(),e.type===`textarea`?m.value?.focus():_.value?.focus()}}function Xe(){e.passivelyActivated&&(z.value=!1,y(()=>{d.value?.focus()}))}function Ze(){j.value||(e.passivelyActivated?d.value?.focus():(m.value?.focus(),_.value?.focus()))}function Qe(){d.value?.contains(document.activeElement)&&document.activeElement.blur()}function $e(){m.value?.select(),_.value?.select()}function et(){j.value||(m.value?m.value.focus():_.value&&_.value.focus())}function tt(){let{value:e}=d;e?.contains(document.activeElement)&&e!==document.activeElement&&Xe()}function nt(t){if(e.type===`textarea`){let{value:e}=m;e?.scrollTo(t)}else{let{value:e}=_;e?.scrollTo(t)}}function rt(t){let{type:n,pair:r,autosize:i}=e;if(!r&&i){if(n===`textarea`){let{value:e}=h;e&&(e.textContent=`${t??``}\r\n`)}else{let{value:e}=g;e&&(t?e.textContent=t:e.innerHTML=`&nbsp;`)}}}function it(){pe()}let at=x({top:`0`});function ot(e){let{scrollTop:t}=e.target;at.value.top=`${-t}px`,w.value?.syncUnifiedContainer()}let st=null;o(()=>{let{autosize:t,type:r}=e;t&&r===`textarea`?st=n(O,e=>{!Array.isArray(e)&&e!==B&&rt(e)}):st?.()});let ct=null;o(()=>{e.type===`textarea`?ct=n(O,e=>{!Array.isArray(e)&&e!==B&&w.value?.syncUnifiedContainer()}):ct?.()}),p(ve,{mergedValueRef:O,maxlengthRef:me,mergedClsPrefixRef:t,countGraphemesRef:S(e,`countGraphemes`)});let lt={wrapperElRef:d,inputElRef:_,textareaElRef:m,isCompositing:R,clear:Ve,focus:Ze,blur:Qe,select:$e,deactivate:tt,activate:et,scrollTo:nt},ut=ae(`Input`,s,t),dt=f(()=>{let{value:e}=A,{common:{cubicBezierEaseInOut:t},self:{color:n,colorHover:r,borderRadius:i,textColor:a,caretColor:o,caretColorError:s,caretColorWarning:c,textDecorationColor:l,border:d,borderDisabled:f,borderHover:p,borderFocus:m,placeholderColor:h,placeholderColorDisabled:g,lineHeightTextarea:_,colorDisabled:v,colorFocus:y,textColorDisabled:b,boxShadowFocus:x,iconSize:S,colorFocusWarning:C,boxShadowFocusWarning:w,borderWarning:T,borderFocusWarning:E,borderHoverWarning:D,colorFocusError:O,boxShadowFocusError:k,borderError:ee,borderFocusError:j,borderHoverError:M,clearSize:N,clearColor:P,clearColorHover:F,clearColorPressed:te,iconColor:I,iconColorDisabled:L,suffixTextColor:R,countTextColor:ne,countTextColorDisabled:z,iconColorHover:B,iconColorPressed:V,loadingColor:H,loadingColorError:U,loadingColorWarning:re,fontWeight:W,[ce(`padding`,e)]:G,[ce(`fontSize`,e)]:K,[ce(`height`,e)]:ie}}=u.value,{left:q,right:ae}=le(G);return{"--n-bezier":t,"--n-count-text-color":ne,"--n-count-text-color-disabled":z,"--n-color":n,"--n-color-hover":r,"--n-font-size":K,"--n-font-weight":W,"--n-border-radius":i,"--n-height":ie,"--n-padding-left":q,"--n-padding-right":ae,"--n-text-color":a,"--n-caret-color":o,"--n-text-decoration-color":l,"--n-border":d,"--n-border-disabled":f,"--n-border-hover":p,"--n-border-focus":m,"--n-placeholder-color":h,"--n-placeholder-color-disabled":g,"--n-icon-size":S,"--n-line-height-textarea":_,"--n-color-disabled":v,"--n-color-focus":y,"--n-text-color-disabled":b,"--n-box-shadow-focus":x,"--n-loading-color":H,"--n-caret-color-warning":c,"--n-color-focus-warning":C,"--n-box-shadow-focus-warning":w,"--n-border-warning":T,"--n-border-focus-warning":E,"--n-border-hover-warning":D,"--n-loading-color-warning":re,"--n-caret-color-error":s,"--n-color-focus-error":O,"--n-box-shadow-focus-error":k,"--n-border-error":ee,"--n-border-focus-error":j,"--n-border-hover-error":M,"--n-loading-color-error":U,"--n-clear-color":P,"--n-clear-size":N,"--n-clear-color-hover":F,"--n-clear-color-pressed":te,"--n-icon-color":I,"--n-icon-color-hover":B,"--n-icon-color-pressed":V,"--n-icon-color-disabled":L,"--n-suffix-text-color":R}}),ft=a?te(`input`,f(()=>{let{value:e}=A;return e[0]}),dt,e):void 0;return{...lt,wrapperElRef:d,inputElRef:_,inputMirrorElRef:g,inputEl2Ref:v,textareaElRef:m,textareaMirrorElRef:h,textareaScrollbarInstRef:w,rtlEnabled:ut,uncontrolledValue:E,mergedValue:O,passwordVisible:J,mergedPlaceholder:H,showPlaceholder1:U,showPlaceholder2:W,mergedFocus:G,isComposing:R,activated:z,showClearButton:K,mergedSize:A,mergedDisabled:j,textDecorationStyle:se,mergedClsPrefix:t,mergedBordered:r,mergedShowPasswordOn:q,placeholderStyle:at,mergedStatus:M,textAreaScrollContainerWidth:ue,handleTextAreaScroll:ot,handleCompositionStart:je,handleCompositionEnd:Me,handleInput:Q,handleInputBlur:Pe,handleInputFocus:Fe,handleWrapperBlur:Ie,handleWrapperFocus:Le,handleMouseEnter:Ue,handleMouseLeave:We,handleMouseDown:He,handleChange:Re,handleClick:ze,handleClear:Be,handlePasswordToggleClick:Ge,handlePasswordToggleMousedown:Ke,handleWrapperKeydown:Je,handleWrapperKeyup:qe,handleTextAreaMirrorResize:it,getTextareaScrollContainer:()=>m.value,mergedTheme:u,cssVars:a?void 0:dt,themeClass:ft?.themeClass,onRender:ft?.onRender}},render(){let{mergedClsPrefix:e,mergedStatus:t,themeClass:n,type:r,countGraphemes:i,onRender:a}=this,o=this.$slots;return a?.(),h(),c(`div`,{ref:`wrapperElRef`,class:W([`${e}-input`,`${e}-input--${this.mergedSize}-size`,n,t&&`${e}-input--${t}-status`,{[`${e}-input--rtl`]:this.rtlEnabled,[`${e}-input--disabled`]:this.mergedDisabled,[`${e}-input--textarea`]:r===`textarea`,[`${e}-input--resizable`]:this.resizable&&!this.autosize,[`${e}-input--autosize`]:this.autosize,[`${e}-input--round`]:this.round&&r!==`textarea`,[`${e}-input--pair`]:this.pair,[`${e}-input--focus`]:this.mergedFocus,[`${e}-input--stateful`]:this.stateful}]),style:u(this.cssVars),tabindex:!this.mergedDisabled&&this.passivelyActivated&&!this.activated?0:void 0,onFocus:this.handleWrapperFocus,onBlur:this.handleWrapperBlur,onClick:this.handleClick,onMousedown:this.handleMouseDown,onMouseenter:this.handleMouseEnter,onMouseleave:this.handleMouseLeave,onCompositionstart:this.handleCompositionStart,onCompositionend:this.handleCompositionEnd,onKeyup:this.handleWrapperKeyup,onKeydown:this.handleWrapperKeydown},[s(`div`,{class:W(`${e}-input-wrapper`)},[G(()=>F(o.prefix,t=>t&&(h(),c(`div`,{class:W(`${e}-input__prefix`)},[G(()=>t)],2)))),r===`textarea`?(h(),b(z,{key:0,ref:`textareaScrollbarInstRef`,class:W(`${e}-input__textarea`),container:this.getTextareaScrollContainer,theme:this.theme?.peers?.Scrollbar,themeOverrides:this.themeOverrides?.peers?.Scrollbar,triggerDisplayManually:!0,useUnifiedContainer:!0,internalHoistYRail:!0},{default:()=>{let{textAreaScrollContainerWidth:t}=this,n={width:this.autosize&&t&&`${t}px`};return h(),c(g,null,[s(`textarea`,d(this.inputProps,{ref:`textareaElRef`,class:[`${e}-input__textarea-el`,this.inputProps?.class],autofocus:this.autofocus,rows:Number(this.rows),placeholder:this.placeholder,value:this.mergedValue,disabled:this.mergedDisabled,maxlength:i?void 0:this.maxlength,minlength:i?void 0:this.minlength,readonly:this.readonly,tabindex:this.passivelyActivated&&!this.activated?-1:void 0,style:[this.textDecorationStyle[0],this.inputProps?.style,n],onBlur:this.handleInputBlur,onFocus:e=>{this.handleInputFocus(e,2)},onInput:this.handleInput,onChange:this.handleChange,onScroll:this.handleTextAreaScroll}),null,16,we),this.showPlaceholder1?(h(),c(`div`,{class:W(`${e}-input__placeholder`),style:u([this.placeholderStyle,n]),key:`placeholder`},[G(()=>this.mergedPlaceholder[0])],6)):G(()=>null),this.autosize?(h(),b(j,{key:2,onResize:this.handleTextAreaMirrorResize},{default:()=>(h(),c(`div`,{ref:`textareaMirrorElRef`,class:W(`${e}-input__textarea-mirror`),key:`mirror`},null,2))},1032,[`onResize`])):G(()=>null)],64)}},1032,[`class`,`container`,`theme`,`themeOverrides`])):(h(),c(`div`,{key:1,class:W(`${e}-input__input`)},[s(`input`,d({type:r===`password`&&this.mergedShowPasswordOn&&this.passwordVisible?`text`:r},this.inputProps,{ref:`inputElRef`,class:[`${e}-input__input-el`,this.inputProps?.class],style:[this.textDecorationStyle[0],this.inputProps?.style],tabindex:this.passivelyActivated&&!this.activated?-1:this.inputProps?.tabindex,placeholder:this.mergedPlaceholder[0],disabled:this.mergedDisabled,maxlength:i?void 0:this.maxlength,minlength:i?void 0:this.minlength,value:Array.isArray(this.mergedValue)?this.mergedValue[0]:this.mergedValue,readonly:this.readonly,autofocus:this.autofocus,size:this.attrSize,onBlur:this.handleInputBlur,onFocus:e=>{this.handleInputFocus(e,0)},onInput:e=>{this.handleInput(e,0)},onChange:e=>{this.handleChange(e,0)}}),null,16,Te),this.showPlaceholder1?(h(),c(`div`,{key:0,class:W(`${e}-input__placeholder`)},[s(`span`,null,[G(()=>this.mergedPlaceholder[0])])],2)):G(()=>null),this.autosize?(h(),c(`div`,{class:W(`${e}-input__input-mirror`),key:`mirror`,ref:`inputMirrorElRef`},`\xA0`,2)):G(()=>null)],2)),G(()=>!this.pair&&F(o.suffix,t=>t||this.clearable||this.showCount||this.mergedShowPasswordOn||this.loading!==void 0?(h(),c(`div`,{key:1,class:W(`${e}-input__suffix`)},[G(()=>[F(o[`clear-icon-placeholder`],t=>(this.clearable||t)&&(h(),b(pe,{clsPrefix:e,show:this.showClearButton,onClear:this.handleClear},{placeholder:()=>t,icon:()=>this.$slots[`clear-icon`]?.()},1032,[`clsPrefix`,`show`,`onClear`]))),this.internalLoadingBeforeSuffix?null:t,this.loading===void 0?null:(h(),b(me,{key:2,clsPrefix:e,loading:this.loading,showArrow:!1,showClear:!1,style:u(this.cssVars)},null,8,[`clsPrefix`,`loading`,`style`])),this.internalLoadingBeforeSuffix?t:null,this.showCount&&this.type!==`textarea`?(h(),b(Ce,{key:3},{default:e=>{let{renderCount:t}=this;return t?t(e):o.count?.(e)}},1024)):null,this.mergedShowPasswordOn&&this.type===`password`?(h(),c(`div`,{key:4,class:W(`${e}-input__eye`),onMousedown:this.handlePasswordToggleMousedown,onClick:this.handlePasswordToggleClick},[this.passwordVisible?(h(),c(g,{key:0},[G(()=>L(o[`password-visible-icon`],()=>[(h(),b(B,{clsPrefix:e},{default:()=>(h(),b(X))},1032,[`clsPrefix`]))]))],64)):(h(),c(g,{key:1},[G(()=>L(o[`password-invisible-icon`],()=>[(h(),b(B,{clsPrefix:e},{default:()=>(h(),b(_e))},1032,[`clsPrefix`]))]))],64))],42,Ee)):null])],2)):null))],2),this.pair?(h(),c(`span`,{key:0,class:W(`${e}-input__separator`)},[G(()=>L(o.separator,()=>[this.separator]))],2)):G(()=>null),this.pair?(h(),c(`div`,{key:2,class:W(`${e}-input-wrapper`)},[s(`div`,{class:W(`${e}-input__input`)},[s(`input`,{ref:`inputEl2Ref`,type:this.type,class:W(`${e}-input__input-el`),tabindex:this.passivelyActivated&&!this.activated?-1:void 0,placeholder:this.mergedPlaceholder[1],disabled:this.mergedDisabled,maxlength:i?void 0:this.maxlength,minlength:i?void 0:this.minlength,value:Array.isArray(this.mergedValue)?this.mergedValue[1]:void 0,readonly:this.readonly,style:u(this.textDecorationStyle[1]),onBlur:this.handleInputBlur,onFocus:e=>{this.handleInputFocus(e,1)},onInput:e=>{this.handleInput(e,1)},onChange:e=>{this.handleChange(e,1)}},null,46,De),this.showPlaceholder2?(h(),c(`div`,{key:0,class:W(`${e}-input__placeholder`)},[s(`span`,null,[G(()=>this.mergedPlaceholder[1])])],2)):G(()=>null)],2),G(()=>F(o.suffix,t=>(this.clearable||t)&&(h(),c(`div`,{class:W(`${e}-input__suffix`)},[G(()=>[this.clearable&&(h(),b(pe,{clsPrefix:e,show:this.showClearButton,onClear:this.handleClear},{icon:()=>o[`clear-icon`]?.(),placeholder:()=>o[`clear-icon-placeholder`]?.()},1032,[`clsPrefix`,`show`,`onClear`])),t])],2))))],2)):G(()=>null),this.mergedBordered?(h(),c(`div`,{key:4,class:W(`${e}-input__border`)},null,2)):G(()=>null),this.mergedBordered?(h(),c(`div`,{key:6,class:W(`${e}-input__state-border`)},null,2)):G(()=>null),this.showCount&&r===`textarea`?(h(),b(Ce,{key:8},{default:e=>{let{renderCount:t}=this;return t?t(e):o.count?.(e)}},1024)):G(()=>null)],46,Oe)}}),je={class:`page`},Me={class:`soft`},Q={class:`small soft`},Ne={key:0,id:`wrong-token`,class:`wrong`,role:`alert`},Pe=D(m({__name:`SignInPage`,setup(n){let{t:r}=E(),i=O(),o=k(),l=Y(),u=x(``),d=x(!1),f=x(!1),p=C();async function m(){d.value=!0,f.value=!1,p.value=void 0;try{await l.signIn(u.value.trim()),await o.replace(typeof i.query.to==`string`?i.query.to:`/`)}catch(e){let t=ue(e);f.value=t.reason===`TOKEN_REQUIRED`,p.value=f.value?void 0:t}finally{d.value=!1}}return(n,i)=>(h(),c(`main`,je,[s(`form`,{class:`card`,onSubmit:T(m,[`prevent`])},[s(`h1`,null,v(a(r)(`shell.sign_in.title`)),1),s(`p`,Me,v(a(r)(`shell.sign_in.why`)),1),s(`label`,null,[s(`span`,Q,v(a(r)(`shell.sign_in.token`)),1),e(a(Ae),{value:u.value,"onUpdate:value":i[0]||=e=>u.value=e,type:`password`,"show-password-on":`click`,autofocus:``,status:f.value?`error`:void 0,"input-props":{autocomplete:`current-password`,"aria-describedby":`wrong-token`}},null,8,[`value`,`status`])]),f.value?(h(),c(`p`,Ne,v(a(r)(`shell.sign_in.wrong`)),1)):w(``,!0),p.value?(h(),b(he,{key:1,problem:p.value},null,8,[`problem`])):w(``,!0),e(a(J),{type:`primary`,"attr-type":`submit`,block:``,loading:d.value,disabled:!u.value.trim()},{default:_(()=>[t(v(a(r)(`shell.sign_in.submit`)),1)]),_:1},8,[`loading`,`disabled`])],32)]))}}),[[`__scopeId`,`data-v-f6749752`]]);export{Pe as default};