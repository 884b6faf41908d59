import{A as e,D as t,F as n,G as r,J as i,L as a,M as o,Mt as s,N as c,Nt as l,Ot as u,Pt as d,Q as ee,R as te,T as ne,W as f,Y as re,b as ie,et as p,j as m,jt as h,kt as g}from"./say-D7a8DS7j.js";import{n as _,r as ae,t as v}from"./Suffix-mdBCB9kU.js";import{c as oe,d as y,h as se,i as b,l as x,n as S,u as C}from"./replaceable-Dhx26sYV.js";import{Ht as w,J as T,L as ce,Ut as E,_ as D,b as O,ct as le,er as k,et as A,g as j,gt as ue,k as M,mt as N,o as P,tt as F,v as I,vn as L,wn as R}from"./runtime-core.esm-bundler-wlpNGAAZ.js";import{t as de}from"./light-dmbDE3Wm.js";var z=M({name:`Eye`,render(){return(()=>{let e=f(`ae479a1970012861`);return e[0]||=D(`svg`,{xmlns:`http://www.w3.org/2000/svg`,viewBox:`0 0 512 512`},[D(`path`,{d:`M255.66 112c-77.94 0-157.89 45.11-220.83 135.33a16 16 0 0 0-.27 17.77C82.92 340.8 161.8 400 255.66 400c92.84 0 173.34-59.38 221.79-135.25a16.14 16.14 0 0 0 0-17.47C428.89 172.28 347.8 112 255.66 112z`,fill:`none`,stroke:`currentColor`,"stroke-linecap":`round`,"stroke-linejoin":`round`,"stroke-width":`32`}),D(`circle`,{cx:`256`,cy:`256`,r:`80`,fill:`none`,stroke:`currentColor`,"stroke-miterlimit":`10`,"stroke-width":`32`})],-1)})()}}),B=M({name:`EyeOff`,render(){return(()=>{let e=f(`2c06203b450ce879`);return e[0]||=D(`svg`,{xmlns:`http://www.w3.org/2000/svg`,viewBox:`0 0 512 512`},[D(`path`,{d:`M432 448a15.92 15.92 0 0 1-11.31-4.69l-352-352a16 16 0 0 1 22.62-22.62l352 352A16 16 0 0 1 432 448z`,fill:`currentColor`}),D(`path`,{d:`M255.66 384c-41.49 0-81.5-12.28-118.92-36.5c-34.07-22-64.74-53.51-88.7-91v-.08c19.94-28.57 41.78-52.73 65.24-72.21a2 2 0 0 0 .14-2.94L93.5 161.38a2 2 0 0 0-2.71-.12c-24.92 21-48.05 46.76-69.08 76.92a31.92 31.92 0 0 0-.64 35.54c26.41 41.33 60.4 76.14 98.28 100.65C162 402 207.9 416 255.66 416a239.13 239.13 0 0 0 75.8-12.58a2 2 0 0 0 .77-3.31l-21.58-21.58a4 4 0 0 0-3.83-1a204.8 204.8 0 0 1-51.16 6.47z`,fill:`currentColor`}),D(`path`,{d:`M490.84 238.6c-26.46-40.92-60.79-75.68-99.27-100.53C349 110.55 302 96 255.66 96a227.34 227.34 0 0 0-74.89 12.83a2 2 0 0 0-.75 3.31l21.55 21.55a4 4 0 0 0 3.88 1a192.82 192.82 0 0 1 50.21-6.69c40.69 0 80.58 12.43 118.55 37c34.71 22.4 65.74 53.88 89.76 91a.13.13 0 0 1 0 .16a310.72 310.72 0 0 1-64.12 72.73a2 2 0 0 0-.15 2.95l19.9 19.89a2 2 0 0 0 2.7.13a343.49 343.49 0 0 0 68.64-78.48a32.2 32.2 0 0 0-.1-34.78z`,fill:`currentColor`}),D(`path`,{d:`M256 160a95.88 95.88 0 0 0-21.37 2.4a2 2 0 0 0-1 3.38l112.59 112.56a2 2 0 0 0 3.38-1A96 96 0 0 0 256 160z`,fill:`currentColor`}),D(`path`,{d:`M165.78 233.66a2 2 0 0 0-3.38 1a96 96 0 0 0 115 115a2 2 0 0 0 1-3.38z`,fill:`currentColor`})],-1)})()}}),V=p(`n-input`),fe=g(`input`,`
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
`,[h(`input, textarea`,`
 overflow: hidden;
 flex-grow: 1;
 position: relative;
 `),h(`input-el, textarea-el, input-mirror, textarea-mirror, separator, placeholder`,`
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
 `),h(`input-el, textarea-el`,`
 -webkit-appearance: none;
 scrollbar-width: none;
 width: 100%;
 min-width: 0;
 text-decoration-color: var(--n-text-decoration-color);
 color: var(--n-text-color);
 caret-color: var(--n-caret-color);
 background-color: transparent;
 `,[u(`&::-webkit-scrollbar, &::-webkit-scrollbar-track-piece, &::-webkit-scrollbar-thumb`,`
 width: 0;
 height: 0;
 display: none;
 `),u(`&::placeholder`,`
 color: #0000;
 -webkit-text-fill-color: transparent !important;
 `),u(`&:-webkit-autofill ~`,[h(`placeholder`,`display: none;`)])]),s(`round`,[l(`textarea`,`border-radius: calc(var(--n-height) / 2);`)]),h(`placeholder`,`
 pointer-events: none;
 position: absolute;
 left: 0;
 right: 0;
 top: 0;
 bottom: 0;
 overflow: hidden;
 color: var(--n-placeholder-color);
 `,[u(`span`,`
 width: 100%;
 display: inline-block;
 `)]),s(`textarea`,[h(`placeholder`,`overflow: visible;`)]),l(`autosize`,`width: 100%;`),s(`autosize`,[h(`textarea-el, input-el`,`
 position: absolute;
 top: 0;
 left: 0;
 height: 100%;
 `)]),g(`input-wrapper`,`
 overflow: hidden;
 display: inline-flex;
 flex-grow: 1;
 position: relative;
 padding-left: var(--n-padding-left);
 padding-right: var(--n-padding-right);
 `),h(`input-mirror`,`
 padding: 0;
 height: var(--n-height);
 line-height: var(--n-height);
 overflow: hidden;
 visibility: hidden;
 position: static;
 white-space: pre;
 pointer-events: none;
 `),h(`input-el`,`
 padding: 0;
 height: var(--n-height);
 line-height: var(--n-height);
 `,[u(`&[type=password]::-ms-reveal`,`display: none;`),u(`+`,[h(`placeholder`,`
 display: flex;
 align-items: center; 
 `)])]),l(`textarea`,[h(`placeholder`,`white-space: nowrap;`)]),h(`eye`,`
 display: flex;
 align-items: center;
 justify-content: center;
 transition: color .3s var(--n-bezier);
 `),s(`textarea`,`width: 100%;`,[g(`input-word-count`,`
 position: absolute;
 right: var(--n-padding-right);
 bottom: var(--n-padding-vertical);
 `),s(`resizable`,[g(`input-wrapper`,`
 resize: vertical;
 min-height: var(--n-height);
 `)]),h(`textarea-el, textarea-mirror, placeholder`,`
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
 `),h(`textarea-mirror`,`
 width: 100%;
 pointer-events: none;
 overflow: hidden;
 visibility: hidden;
 position: static;
 white-space: pre-wrap;
 overflow-wrap: break-word;
 `)]),s(`pair`,[h(`input-el, placeholder`,`text-align: center;`),h(`separator`,`
 display: flex;
 align-items: center;
 transition: color .3s var(--n-bezier);
 color: var(--n-text-color);
 white-space: nowrap;
 `,[g(`icon`,`
 color: var(--n-icon-color);
 `),g(`base-icon`,`
 color: var(--n-icon-color);
 `)])]),s(`disabled`,`
 cursor: not-allowed;
 background-color: var(--n-color-disabled);
 `,[h(`border`,`border: var(--n-border-disabled);`),h(`input-el, textarea-el`,`
 cursor: not-allowed;
 color: var(--n-text-color-disabled);
 text-decoration-color: var(--n-text-color-disabled);
 `),h(`placeholder`,`color: var(--n-placeholder-color-disabled);`),h(`separator`,`color: var(--n-text-color-disabled);`,[g(`icon`,`
 color: var(--n-icon-color-disabled);
 `),g(`base-icon`,`
 color: var(--n-icon-color-disabled);
 `)]),g(`input-word-count`,`
 color: var(--n-count-text-color-disabled);
 `),h(`suffix, prefix`,`color: var(--n-text-color-disabled);`,[g(`icon`,`
 color: var(--n-icon-color-disabled);
 `),g(`internal-icon`,`
 color: var(--n-icon-color-disabled);
 `)])]),l(`disabled`,[h(`eye`,`
 color: var(--n-icon-color);
 cursor: pointer;
 `,[u(`&:hover`,`
 color: var(--n-icon-color-hover);
 `),u(`&:active`,`
 color: var(--n-icon-color-pressed);
 `)]),u(`&:hover`,`background-color: var(--n-color-hover);`,[h(`state-border`,`border: var(--n-border-hover);`)]),s(`focus`,`background-color: var(--n-color-focus);`,[h(`state-border`,`
 border: var(--n-border-focus);
 box-shadow: var(--n-box-shadow-focus);
 `)])]),h(`border, state-border`,`
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
 `),h(`state-border`,`
 border-color: #0000;
 z-index: 1;
 `),h(`prefix`,`margin-right: 4px;`),h(`suffix`,`
 margin-left: 4px;
 `),h(`suffix, prefix`,`
 transition: color .3s var(--n-bezier);
 flex-wrap: nowrap;
 flex-shrink: 0;
 line-height: var(--n-height);
 white-space: nowrap;
 display: inline-flex;
 align-items: center;
 justify-content: center;
 color: var(--n-suffix-text-color);
 `,[g(`base-loading`,`
 font-size: var(--n-icon-size);
 margin: 0 2px;
 color: var(--n-loading-color);
 `),g(`base-clear`,`
 font-size: var(--n-icon-size);
 `,[h(`placeholder`,[g(`base-icon`,`
 transition: color .3s var(--n-bezier);
 color: var(--n-icon-color);
 font-size: var(--n-icon-size);
 `)])]),u(`>`,[g(`icon`,`
 transition: color .3s var(--n-bezier);
 color: var(--n-icon-color);
 font-size: var(--n-icon-size);
 `)]),g(`base-icon`,`
 font-size: var(--n-icon-size);
 `)]),g(`input-word-count`,`
 pointer-events: none;
 line-height: 1.5;
 font-size: .85em;
 color: var(--n-count-text-color);
 transition: color .3s var(--n-bezier);
 margin-left: 4px;
 font-variant: tabular-nums;
 `),[`warning`,`error`].map(e=>s(`${e}-status`,[l(`disabled`,[g(`base-loading`,`
 color: var(--n-loading-color-${e})
 `),h(`input-el, textarea-el`,`
 caret-color: var(--n-caret-color-${e});
 `),h(`state-border`,`
 border: var(--n-border-${e});
 `),u(`&:hover`,[h(`state-border`,`
 border: var(--n-border-hover-${e});
 `)]),u(`&:focus`,`
 background-color: var(--n-color-focus-${e});
 `,[h(`state-border`,`
 box-shadow: var(--n-box-shadow-focus-${e});
 border: var(--n-border-focus-${e});
 `)]),s(`focus`,`
 background-color: var(--n-color-focus-${e});
 `,[h(`state-border`,`
 box-shadow: var(--n-box-shadow-focus-${e});
 border: var(--n-border-focus-${e});
 `)])])]))]),pe=g(`input`,[s(`disabled`,[h(`input-el, textarea-el`,`
 -webkit-text-fill-color: var(--n-text-color-disabled);
 `)])]);function H(e){let t=0;for(let n of e)t++;return t}function U(e){return e===``||e==null}function me(e){let t=L(null);function n(){let{value:n}=e;if(!n?.focus){i();return}let{selectionStart:r,selectionEnd:a,value:o}=n;r==null||a==null?i():t.value={start:r,end:a,beforeText:o.slice(0,r),afterText:o.slice(a)}}function r(){let{value:n}=t,{value:r}=e;if(!n||!r)return;let{value:i}=r,{start:a,beforeText:o,afterText:s}=n,c=i.length;if(i.endsWith(s))c=i.length-s.length;else if(i.startsWith(o))c=o.length;else{let e=o[a-1],t=i.indexOf(e,a-1);t!==-1&&(c=t+1)}r.setSelectionRange?.(c,c)}function i(){t.value=null}return w(e,i),{recordCursor:n,restoreCursor:r}}var W=M({name:`InputWordCount`,setup(e,{slots:t}){let{mergedValueRef:n,maxlengthRef:a,mergedClsPrefixRef:o,countGraphemesRef:s}=T(V),c=j(()=>{let{value:e}=n;return e===null||Array.isArray(e)?0:(s.value||H)(e)});return()=>{let{value:e}=a,{value:s}=n;return N(),O(`span`,{class:r(`${o.value}-input-word-count`)},[i(()=>m(t.default,{value:s===null||Array.isArray(s)?``:s},()=>[e===void 0?c.value:`${c.value} / ${e}`]))],2)}}}),he=[`autofocus`,`rows`,`placeholder`,`value`,`disabled`,`maxlength`,`minlength`,`readonly`,`tabindex`,`onBlur`,`onFocus`,`onInput`,`onChange`,`onScroll`],ge=[`type`,`tabindex`,`placeholder`,`disabled`,`maxlength`,`minlength`,`value`,`readonly`,`autofocus`,`size`,`onBlur`,`onFocus`,`onInput`,`onChange`],G=[`onMousedown`,`onClick`],_e=[`type`,`tabindex`,`placeholder`,`disabled`,`maxlength`,`minlength`,`value`,`readonly`,`onBlur`,`onFocus`,`onInput`,`onChange`],K=[`tabindex`,`onFocus`,`onBlur`,`onClick`,`onMousedown`,`onMouseenter`,`onMouseleave`,`onCompositionstart`,`onCompositionend`,`onKeyup`,`onKeydown`],q={...a.props,bordered:{type:Boolean,default:void 0},type:{type:String,default:`text`},placeholder:[Array,String],defaultValue:{type:[String,Array],default:null},value:[String,Array],disabled:{type:Boolean,default:void 0},size:String,rows:{type:[Number,String],default:3},round:Boolean,minlength:[String,Number],maxlength:[String,Number],clearable:Boolean,autosize:{type:[Boolean,Object],default:!1},pair:Boolean,separator:String,readonly:{type:[String,Boolean],default:!1},passivelyActivated:Boolean,showPasswordOn:String,stateful:{type:Boolean,default:!0},autofocus:Boolean,inputProps:Object,resizable:{type:Boolean,default:!0},showCount:Boolean,loading:{type:Boolean,default:void 0},allowInput:Function,renderCount:Function,onMousedown:Function,onKeydown:Function,onKeyup:[Function,Array],onInput:[Function,Array],onFocus:[Function,Array],onBlur:[Function,Array],onClick:[Function,Array],onChange:[Function,Array],onClear:[Function,Array],countGraphemes:Function,status:String,"onUpdate:value":[Function,Array],onUpdateValue:[Function,Array],textDecoration:[String,Array],attrSize:{type:Number,default:20},onInputBlur:[Function,Array],onInputFocus:[Function,Array],onDeactivate:[Function,Array],onActivate:[Function,Array],onWrapperFocus:[Function,Array],onWrapperBlur:[Function,Array],internalDeactivateOnEnter:Boolean,internalForceFocus:Boolean,internalLoadingBeforeSuffix:{type:Boolean,default:!0},showPasswordToggle:Boolean},ve=M({name:`Input`,props:q,slots:Object,setup(e){let{mergedClsPrefixRef:r,mergedBorderedRef:i,inlineThemeDisabled:o,mergedRtlRef:s,mergedComponentPropsRef:l}=ee(e),u=a(`Input`,`-input`,fe,de,e,r);ie&&re(`-input-safari`,pe,r);let f=L(null),p=L(null),m=L(null),h=L(null),g=L(null),_=L(null),v=L(null),y=me(v),b=L(null),{localeRef:S}=ae(`Input`),T=L(e.defaultValue),D=R(e,`value`),O=oe(D,T),k=ne(e,{mergedSize:t=>{let{size:n}=e;if(n)return n;let{mergedSize:r}=t||{};return r?.value?r.value:l?.value?.Input?.size||`medium`}}),{mergedSizeRef:A,mergedDisabledRef:M,mergedStatusRef:N}=k,P=L(!1),I=L(!1),z=L(!1),B=L(!1),H=null,W=j(()=>{let{placeholder:t,pair:n}=e;return n?Array.isArray(t)?t:t===void 0?[``,``]:[t,t]:t===void 0?[S.value.placeholder]:[t]}),he=j(()=>{let{value:e}=z,{value:t}=O,{value:n}=W;return!e&&(U(t)||Array.isArray(t)&&U(t[0]))&&n[0]}),ge=j(()=>{let{value:e}=z,{value:t}=O,{value:n}=W;return!e&&n[1]&&(U(t)||Array.isArray(t)&&U(t[1]))}),G=n(()=>e.internalForceFocus||P.value),_e=n(()=>{if(M.value||e.readonly||!e.clearable||!G.value&&!I.value)return!1;let{value:t}=O,{value:n}=G;return e.pair?!!(Array.isArray(t)&&(t[0]||t[1]))&&(I.value||n):!!t&&(I.value||n)}),K=j(()=>{let{showPasswordOn:t}=e;if(t)return t;if(e.showPasswordToggle)return`click`}),q=L(!1),ve=j(()=>{let{textDecoration:t}=e;return t?Array.isArray(t)?t.map(e=>({textDecoration:e})):[{textDecoration:t}]:[``,``]}),ye=L(void 0),be=()=>{if(e.type===`textarea`){let{autosize:t}=e;if(t&&(ye.value=b.value?.$el?.offsetWidth),!p.value||typeof t==`boolean`)return;let{paddingTop:n,paddingBottom:r,lineHeight:i}=window.getComputedStyle(p.value),a=Number(n.slice(0,-2)),o=Number(r.slice(0,-2)),s=Number(i.slice(0,-2)),{value:c}=m;if(!c)return;if(t.minRows){let e=Math.max(t.minRows,1),n=`${a+o+s*e}px`;c.style.minHeight=n}if(t.maxRows){let e=`${a+o+s*t.maxRows}px`;c.style.maxHeight=e}}},xe=j(()=>{let{maxlength:t}=e;return t===void 0?void 0:Number(t)});le(()=>{let{value:e}=O;Array.isArray(e)||$(e)});let Se=ce().proxy;function J(t,n){let{onUpdateValue:r,"onUpdate:value":i,onInput:a}=e,{nTriggerFormInput:o}=k;r&&c(r,t,n),i&&c(i,t,n),a&&c(a,t,n),T.value=t,o()}function Y(t,n){let{onChange:r}=e,{nTriggerFormChange:i}=k;r&&c(r,t,n),T.value=t,i()}function Ce(t){let{onBlur:n}=e,{nTriggerFormBlur:r}=k;n&&c(n,t),r()}function we(t){let{onFocus:n}=e,{nTriggerFormFocus:r}=k;n&&c(n,t),r()}function Te(t){let{onClear:n}=e;n&&c(n,t)}function Ee(t){let{onInputBlur:n}=e;n&&c(n,t)}function De(t){let{onInputFocus:n}=e;n&&c(n,t)}function Oe(){let{onDeactivate:t}=e;t&&c(t)}function ke(){let{onActivate:t}=e;t&&c(t)}function Ae(t){let{onClick:n}=e;n&&c(n,t)}function je(t){let{onWrapperFocus:n}=e;n&&c(n,t)}function Me(t){let{onWrapperBlur:n}=e;n&&c(n,t)}function Ne(){z.value=!0}function Pe(e){z.value=!1,e.target===_.value?X(e,1):X(e,0)}function X(t,n=0,r=`input`){let i=t.target.value;if($(i),t instanceof InputEvent&&!t.isComposing&&(z.value=!1),e.type===`textarea`){let{value:e}=b;e&&e.syncUnifiedContainer()}if(H=i,z.value)return;y.recordCursor();let a=Fe(i);if(a){if(!e.pair)r===`input`?J(i,{source:n}):Y(i,{source:n});else{let{value:e}=O;e=Array.isArray(e)?[e[0],e[1]]:[``,``],e[n]=i,r===`input`?J(e,{source:n}):Y(e,{source:n})}}Se.$forceUpdate(),a||F(y.restoreCursor)}function Fe(t){let{countGraphemes:n,maxlength:r,minlength:i}=e;if(n){let e;if(r!==void 0&&(e===void 0&&(e=n(t)),e>Number(r))||i!==void 0&&(e===void 0&&(e=n(t)),e<Number(r)))return!1}let{allowInput:a}=e;return typeof a!=`function`||a(t)}function Ie(e){Ee(e),e.relatedTarget===f.value&&Oe(),(e.relatedTarget===null||e.relatedTarget!==g.value&&e.relatedTarget!==_.value&&e.relatedTarget!==p.value)&&(B.value=!1),Z(e,`blur`),v.value=null}function Le(e,t){De(e),P.value=!0,B.value=!0,ke(),Z(e,`focus`),t===0?v.value=g.value:t===1?v.value=_.value:t===2&&(v.value=p.value)}function Re(t){e.passivelyActivated&&(Me(t),Z(t,`blur`))}function ze(t){e.passivelyActivated&&(P.value=!0,je(t),Z(t,`focus`))}function Z(e,t){e.relatedTarget!==null&&(e.relatedTarget===g.value||e.relatedTarget===_.value||e.relatedTarget===p.value||e.relatedTarget===f.value)||(t===`focus`?(we(e),P.value=!0):t===`blur`&&(Ce(e),P.value=!1))}function Be(e,t){X(e,t,`change`)}function Ve(e){Ae(e)}function He(e){Te(e),Ue()}function Ue(){e.pair?(J([``,``],{source:`clear`}),Y([``,``],{source:`clear`})):(J(``,{source:`clear`}),Y(``,{source:`clear`}))}function We(t){let{onMousedown:n}=e;n&&n(t);let{tagName:r}=t.target;if(r!==`INPUT`&&r!==`TEXTAREA`){if(e.resizable){let{value:e}=f;if(e){let{left:n,top:r,width:i,height:a}=e.getBoundingClientRect();if(n+i-14<t.clientX&&t.clientX<n+i&&r+a-14<t.clientY&&t.clientY<r+a)return}}t.preventDefault(),P.value||Qe()}}function Ge(){I.value=!0,e.type===`textarea`&&b.value?.handleMouseEnterWrapper()}function Ke(){I.value=!1,e.type===`textarea`&&b.value?.handleMouseLeaveWrapper()}function qe(){M.value||K.value===`click`&&(q.value=!q.value)}function Je(e){if(M.value)return;e.preventDefault();let t=e=>{e.preventDefault(),x(`mouseup`,document,t)};if(C(`mouseup`,document,t),K.value!==`mousedown`)return;q.value=!0;let n=()=>{q.value=!1,x(`mouseup`,document,n)};C(`mouseup`,document,n)}function Ye(t){e.onKeyup&&c(e.onKeyup,t)}function Xe(t){switch(e.onKeydown&&c(e.onKeydown,t),t.key){case`Escape`:Q();break;case`Enter`:Ze(t)}}function Ze(t){if(e.passivelyActivated){let{value:n}=B;if(n){e.internalDeactivateOnEnter&&Q();return}t.preventDefault(),e.type===`textarea`?p.value?.focus():g.value?.focus()}}function Q(){e.passivelyActivated&&(B.value=!1,F(()=>{f.value?.focus()}))}function Qe(){M.value||(e.passivelyActivated?f.value?.focus():(p.value?.focus(),g.value?.focus()))}function $e(){f.value?.contains(document.activeElement)&&document.activeElement.blur()}function et(){p.value?.select(),g.value?.select()}function tt(){M.value||(p.value?p.value.focus():g.value&&g.value.focus())}function nt(){let{value:e}=f;e?.contains(document.activeElement)&&e!==document.activeElement&&Q()}function rt(t){if(e.type===`textarea`){let{value:e}=p;e?.scrollTo(t)}else{let{value:e}=g;e?.scrollTo(t)}}function $(t){let{type:n,pair:r,autosize:i}=e;if(!r&&i){if(n===`textarea`){let{value:e}=m;e&&(e.textContent=`${t??``}\r\n`)}else{let{value:e}=h;e&&(t?e.textContent=t:e.innerHTML=`&nbsp;`)}}}function it(){be()}let at=L({top:`0`});function ot(e){let{scrollTop:t}=e.target;at.value.top=`${-t}px`,b.value?.syncUnifiedContainer()}let st=null;E(()=>{let{autosize:t,type:n}=e;t&&n===`textarea`?st=w(O,e=>{!Array.isArray(e)&&e!==H&&$(e)}):st?.()});let ct=null;E(()=>{e.type===`textarea`?ct=w(O,e=>{!Array.isArray(e)&&e!==H&&b.value?.syncUnifiedContainer()}):ct?.()}),ue(V,{mergedValueRef:O,maxlengthRef:xe,mergedClsPrefixRef:r,countGraphemesRef:R(e,`countGraphemes`)});let lt={wrapperElRef:f,inputElRef:g,textareaElRef:p,isCompositing:z,clear:Ue,focus:Qe,blur:$e,select:et,deactivate:nt,activate:tt,scrollTo:rt},ut=t(`Input`,s,r),dt=j(()=>{let{value:e}=A,{common:{cubicBezierEaseInOut:t},self:{color:n,colorHover:r,borderRadius:i,textColor:a,caretColor:o,caretColorError:s,caretColorWarning:c,textDecorationColor:l,border:ee,borderDisabled:te,borderHover:ne,borderFocus:f,placeholderColor:re,placeholderColorDisabled:ie,lineHeightTextarea:p,colorDisabled:m,colorFocus:h,textColorDisabled:g,boxShadowFocus:_,iconSize:ae,colorFocusWarning:v,boxShadowFocusWarning:oe,borderWarning:y,borderFocusWarning:b,borderHoverWarning:x,colorFocusError:S,boxShadowFocusError:C,borderError:w,borderFocusError:T,borderHoverError:ce,clearSize:E,clearColor:D,clearColorHover:O,clearColorPressed:le,iconColor:k,iconColorDisabled:j,suffixTextColor:ue,countTextColor:M,countTextColorDisabled:N,iconColorHover:P,iconColorPressed:F,loadingColor:I,loadingColorError:L,loadingColorWarning:R,fontWeight:de,[d(`padding`,e)]:z,[d(`fontSize`,e)]:B,[d(`height`,e)]:V}}=u.value,{left:fe,right:pe}=se(z);return{"--n-bezier":t,"--n-count-text-color":M,"--n-count-text-color-disabled":N,"--n-color":n,"--n-color-hover":r,"--n-font-size":B,"--n-font-weight":de,"--n-border-radius":i,"--n-height":V,"--n-padding-left":fe,"--n-padding-right":pe,"--n-text-color":a,"--n-caret-color":o,"--n-text-decoration-color":l,"--n-border":ee,"--n-border-disabled":te,"--n-border-hover":ne,"--n-border-focus":f,"--n-placeholder-color":re,"--n-placeholder-color-disabled":ie,"--n-icon-size":ae,"--n-line-height-textarea":p,"--n-color-disabled":m,"--n-color-focus":h,"--n-text-color-disabled":g,"--n-box-shadow-focus":_,"--n-loading-color":I,"--n-caret-color-warning":c,"--n-color-focus-warning":v,"--n-box-shadow-focus-warning":oe,"--n-border-warning":y,"--n-border-focus-warning":b,"--n-border-hover-warning":x,"--n-loading-color-warning":R,"--n-caret-color-error":s,"--n-color-focus-error":S,"--n-box-shadow-focus-error":C,"--n-border-error":w,"--n-border-focus-error":T,"--n-border-hover-error":ce,"--n-loading-color-error":L,"--n-clear-color":D,"--n-clear-size":E,"--n-clear-color-hover":O,"--n-clear-color-pressed":le,"--n-icon-color":k,"--n-icon-color-hover":P,"--n-icon-color-pressed":F,"--n-icon-color-disabled":j,"--n-suffix-text-color":ue}}),ft=o?te(`input`,j(()=>{let{value:e}=A;return e[0]}),dt,e):void 0;return{...lt,wrapperElRef:f,inputElRef:g,inputMirrorElRef:h,inputEl2Ref:_,textareaElRef:p,textareaMirrorElRef:m,textareaScrollbarInstRef:b,rtlEnabled:ut,uncontrolledValue:T,mergedValue:O,passwordVisible:q,mergedPlaceholder:W,showPlaceholder1:he,showPlaceholder2:ge,mergedFocus:G,isComposing:z,activated:B,showClearButton:_e,mergedSize:A,mergedDisabled:M,textDecorationStyle:ve,mergedClsPrefix:r,mergedBordered:i,mergedShowPasswordOn:K,placeholderStyle:at,mergedStatus:N,textAreaScrollContainerWidth:ye,handleTextAreaScroll:ot,handleCompositionStart:Ne,handleCompositionEnd:Pe,handleInput:X,handleInputBlur:Ie,handleInputFocus:Le,handleWrapperBlur:Re,handleWrapperFocus:ze,handleMouseEnter:Ge,handleMouseLeave:Ke,handleMouseDown:We,handleChange:Be,handleClick:Ve,handleClear:He,handlePasswordToggleClick:qe,handlePasswordToggleMousedown:Je,handleWrapperKeydown:Xe,handleWrapperKeyup:Ye,handleTextAreaMirrorResize:it,getTextareaScrollContainer:()=>p.value,mergedTheme:u,cssVars:o?void 0:dt,themeClass:ft?.themeClass,onRender:ft?.onRender}},render(){let{mergedClsPrefix:t,mergedStatus:n,themeClass:a,type:s,countGraphemes:c,onRender:l}=this,u=this.$slots;return l?.(),N(),O(`div`,{ref:`wrapperElRef`,class:r([`${t}-input`,`${t}-input--${this.mergedSize}-size`,a,n&&`${t}-input--${n}-status`,{[`${t}-input--rtl`]:this.rtlEnabled,[`${t}-input--disabled`]:this.mergedDisabled,[`${t}-input--textarea`]:s===`textarea`,[`${t}-input--resizable`]:this.resizable&&!this.autosize,[`${t}-input--autosize`]:this.autosize,[`${t}-input--round`]:this.round&&s!==`textarea`,[`${t}-input--pair`]:this.pair,[`${t}-input--focus`]:this.mergedFocus,[`${t}-input--stateful`]:this.stateful}]),style:k(this.cssVars),tabindex:!this.mergedDisabled&&this.passivelyActivated&&!this.activated?0:void 0,onFocus:this.handleWrapperFocus,onBlur:this.handleWrapperBlur,onClick:this.handleClick,onMousedown:this.handleMouseDown,onMouseenter:this.handleMouseEnter,onMouseleave:this.handleMouseLeave,onCompositionstart:this.handleCompositionStart,onCompositionend:this.handleCompositionEnd,onKeyup:this.handleWrapperKeyup,onKeydown:this.handleWrapperKeydown},[D(`div`,{class:r(`${t}-input-wrapper`)},[i(()=>o(u.prefix,e=>e&&(N(),O(`div`,{class:r(`${t}-input__prefix`)},[i(()=>e)],2)))),s===`textarea`?(N(),I(S,{key:0,ref:`textareaScrollbarInstRef`,class:r(`${t}-input__textarea`),container:this.getTextareaScrollContainer,theme:this.theme?.peers?.Scrollbar,themeOverrides:this.themeOverrides?.peers?.Scrollbar,triggerDisplayManually:!0,useUnifiedContainer:!0,internalHoistYRail:!0},{default:()=>{let{textAreaScrollContainerWidth:e}=this,n={width:this.autosize&&e&&`${e}px`};return N(),O(P,null,[D(`textarea`,A(this.inputProps,{ref:`textareaElRef`,class:[`${t}-input__textarea-el`,this.inputProps?.class],autofocus:this.autofocus,rows:Number(this.rows),placeholder:this.placeholder,value:this.mergedValue,disabled:this.mergedDisabled,maxlength:c?void 0:this.maxlength,minlength:c?void 0:this.minlength,readonly:this.readonly,tabindex:this.passivelyActivated&&!this.activated?-1:void 0,style:[this.textDecorationStyle[0],this.inputProps?.style,n],onBlur:this.handleInputBlur,onFocus:e=>{this.handleInputFocus(e,2)},onInput:this.handleInput,onChange:this.handleChange,onScroll:this.handleTextAreaScroll}),null,16,he),this.showPlaceholder1?(N(),O(`div`,{class:r(`${t}-input__placeholder`),style:k([this.placeholderStyle,n]),key:`placeholder`},[i(()=>this.mergedPlaceholder[0])],6)):i(()=>null),this.autosize?(N(),I(b,{key:2,onResize:this.handleTextAreaMirrorResize},{default:()=>(N(),O(`div`,{ref:`textareaMirrorElRef`,class:r(`${t}-input__textarea-mirror`),key:`mirror`},null,2))},1032,[`onResize`])):i(()=>null)],64)}},1032,[`class`,`container`,`theme`,`themeOverrides`])):(N(),O(`div`,{key:1,class:r(`${t}-input__input`)},[D(`input`,A({type:s===`password`&&this.mergedShowPasswordOn&&this.passwordVisible?`text`:s},this.inputProps,{ref:`inputElRef`,class:[`${t}-input__input-el`,this.inputProps?.class],style:[this.textDecorationStyle[0],this.inputProps?.style],tabindex:this.passivelyActivated&&!this.activated?-1:this.inputProps?.tabindex,placeholder:this.mergedPlaceholder[0],disabled:this.mergedDisabled,maxlength:c?void 0:this.maxlength,minlength:c?void 0:this.minlength,value:Array.isArray(this.mergedValue)?this.mergedValue[0]:this.mergedValue,readonly:this.readonly,autofocus:this.autofocus,size:this.attrSize,onBlur:this.handleInputBlur,onFocus:e=>{this.handleInputFocus(e,0)},onInput:e=>{this.handleInput(e,0)},onChange:e=>{this.handleChange(e,0)}}),null,16,ge),this.showPlaceholder1?(N(),O(`div`,{key:0,class:r(`${t}-input__placeholder`)},[D(`span`,null,[i(()=>this.mergedPlaceholder[0])])],2)):i(()=>null),this.autosize?(N(),O(`div`,{class:r(`${t}-input__input-mirror`),key:`mirror`,ref:`inputMirrorElRef`},`\xA0`,2)):i(()=>null)],2)),i(()=>!this.pair&&o(u.suffix,n=>n||this.clearable||this.showCount||this.mergedShowPasswordOn||this.loading!==void 0?(N(),O(`div`,{key:1,class:r(`${t}-input__suffix`)},[i(()=>[o(u[`clear-icon-placeholder`],e=>(this.clearable||e)&&(N(),I(_,{clsPrefix:t,show:this.showClearButton,onClear:this.handleClear},{placeholder:()=>e,icon:()=>this.$slots[`clear-icon`]?.()},1032,[`clsPrefix`,`show`,`onClear`]))),this.internalLoadingBeforeSuffix?null:n,this.loading===void 0?null:(N(),I(v,{key:2,clsPrefix:t,loading:this.loading,showArrow:!1,showClear:!1,style:k(this.cssVars)},null,8,[`clsPrefix`,`loading`,`style`])),this.internalLoadingBeforeSuffix?n:null,this.showCount&&this.type!==`textarea`?(N(),I(W,{key:3},{default:e=>{let{renderCount:t}=this;return t?t(e):u.count?.(e)}},1024)):null,this.mergedShowPasswordOn&&this.type===`password`?(N(),O(`div`,{key:4,class:r(`${t}-input__eye`),onMousedown:this.handlePasswordToggleMousedown,onClick:this.handlePasswordToggleClick},[this.passwordVisible?(N(),O(P,{key:0},[i(()=>e(u[`password-visible-icon`],()=>[(N(),I(y,{clsPrefix:t},{default:()=>(N(),I(z))},1032,[`clsPrefix`]))]))],64)):(N(),O(P,{key:1},[i(()=>e(u[`password-invisible-icon`],()=>[(N(),I(y,{clsPrefix:t},{default:()=>(N(),I(B))},1032,[`clsPrefix`]))]))],64))],42,G)):null])],2)):null))],2),this.pair?(N(),O(`span`,{key:0,class:r(`${t}-input__separator`)},[i(()=>e(u.separator,()=>[this.separator]))],2)):i(()=>null),this.pair?(N(),O(`div`,{key:2,class:r(`${t}-input-wrapper`)},[D(`div`,{class:r(`${t}-input__input`)},[D(`input`,{ref:`inputEl2Ref`,type:this.type,class:r(`${t}-input__input-el`),tabindex:this.passivelyActivated&&!this.activated?-1:void 0,placeholder:this.mergedPlaceholder[1],disabled:this.mergedDisabled,maxlength:c?void 0:this.maxlength,minlength:c?void 0:this.minlength,value:Array.isArray(this.mergedValue)?this.mergedValue[1]:void 0,readonly:this.readonly,style:k(this.textDecorationStyle[1]),onBlur:this.handleInputBlur,onFocus:e=>{this.handleInputFocus(e,1)},onInput:e=>{this.handleInput(e,1)},onChange:e=>{this.handleChange(e,1)}},null,46,_e),this.showPlaceholder2?(N(),O(`div`,{key:0,class:r(`${t}-input__placeholder`)},[D(`span`,null,[i(()=>this.mergedPlaceholder[1])])],2)):i(()=>null)],2),i(()=>o(u.suffix,e=>(this.clearable||e)&&(N(),O(`div`,{class:r(`${t}-input__suffix`)},[i(()=>[this.clearable&&(N(),I(_,{clsPrefix:t,show:this.showClearButton,onClear:this.handleClear},{icon:()=>u[`clear-icon`]?.(),placeholder:()=>u[`clear-icon-placeholder`]?.()},1032,[`clsPrefix`,`show`,`onClear`])),e])],2))))],2)):i(()=>null),this.mergedBordered?(N(),O(`div`,{key:4,class:r(`${t}-input__border`)},null,2)):i(()=>null),this.mergedBordered?(N(),O(`div`,{key:6,class:r(`${t}-input__state-border`)},null,2)):i(()=>null),this.showCount&&s===`textarea`?(N(),I(W,{key:8},{default:e=>{let{renderCount:t}=this;return t?t(e):u.count?.(e)}},1024)):i(()=>null)],46,K)}});export{ve as t};