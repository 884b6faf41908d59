import{A as e,B as t,C as n,Ct as r,D as i,Et as a,I as o,K as s,L as c,S as l,T as u,Tt as d,V as ee,W as te,_ as ne,bt as f,f as re,k as p,w as m,wt as h,xt as g,y as ie}from"./http-ChLz1mEL.js";import{n as _,r as ae,t as v}from"./Suffix-BgUaj0dR.js";import{c as oe,d as y,h as se,i as b,l as x,n as S,u as C}from"./replaceable-K99mrC08.js";import{A as ce,Et as w,G as T,K as le,L as E,N as D,R as O,S as k,U as ue,b as A,bt as j,g as M,ht as N,k as P,nt as F,tt as I,w as L,x as R}from"./Icon-8WQVztV6.js";import{t as de}from"./light-C5I0wDDH.js";var z=P({name:`Eye`,render(){return(()=>{let e=o(`ae479a1970012861`);return e[0]||=R(`svg`,{xmlns:`http://www.w3.org/2000/svg`,viewBox:`0 0 512 512`},[R(`path`,{d:`M255.66 112c-77.94 0-157.89 45.11-220.83 135.33a16 16 0 0 0-.27 17.77C82.92 340.8 161.8 400 255.66 400c92.84 0 173.34-59.38 221.79-135.25a16.14 16.14 0 0 0 0-17.47C428.89 172.28 347.8 112 255.66 112z`,fill:`none`,stroke:`currentColor`,"stroke-linecap":`round`,"stroke-linejoin":`round`,"stroke-width":`32`}),R(`circle`,{cx:`256`,cy:`256`,r:`80`,fill:`none`,stroke:`currentColor`,"stroke-miterlimit":`10`,"stroke-width":`32`})],-1)})()}}),B=P({name:`EyeOff`,render(){return(()=>{let e=o(`2c06203b450ce879`);return e[0]||=R(`svg`,{xmlns:`http://www.w3.org/2000/svg`,viewBox:`0 0 512 512`},[R(`path`,{d:`M432 448a15.92 15.92 0 0 1-11.31-4.69l-352-352a16 16 0 0 1 22.62-22.62l352 352A16 16 0 0 1 432 448z`,fill:`currentColor`}),R(`path`,{d:`M255.66 384c-41.49 0-81.5-12.28-118.92-36.5c-34.07-22-64.74-53.51-88.7-91v-.08c19.94-28.57 41.78-52.73 65.24-72.21a2 2 0 0 0 .14-2.94L93.5 161.38a2 2 0 0 0-2.71-.12c-24.92 21-48.05 46.76-69.08 76.92a31.92 31.92 0 0 0-.64 35.54c26.41 41.33 60.4 76.14 98.28 100.65C162 402 207.9 416 255.66 416a239.13 239.13 0 0 0 75.8-12.58a2 2 0 0 0 .77-3.31l-21.58-21.58a4 4 0 0 0-3.83-1a204.8 204.8 0 0 1-51.16 6.47z`,fill:`currentColor`}),R(`path`,{d:`M490.84 238.6c-26.46-40.92-60.79-75.68-99.27-100.53C349 110.55 302 96 255.66 96a227.34 227.34 0 0 0-74.89 12.83a2 2 0 0 0-.75 3.31l21.55 21.55a4 4 0 0 0 3.88 1a192.82 192.82 0 0 1 50.21-6.69c40.69 0 80.58 12.43 118.55 37c34.71 22.4 65.74 53.88 89.76 91a.13.13 0 0 1 0 .16a310.72 310.72 0 0 1-64.12 72.73a2 2 0 0 0-.15 2.95l19.9 19.89a2 2 0 0 0 2.7.13a343.49 343.49 0 0 0 68.64-78.48a32.2 32.2 0 0 0-.1-34.78z`,fill:`currentColor`}),R(`path`,{d:`M256 160a95.88 95.88 0 0 0-21.37 2.4a2 2 0 0 0-1 3.38l112.59 112.56a2 2 0 0 0 3.38-1A96 96 0 0 0 256 160z`,fill:`currentColor`}),R(`path`,{d:`M165.78 233.66a2 2 0 0 0-3.38 1a96 96 0 0 0 115 115a2 2 0 0 0 1-3.38z`,fill:`currentColor`})],-1)})()}}),V=s(`n-input`),fe=g(`input`,`
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
`,[r(`input, textarea`,`
 overflow: hidden;
 flex-grow: 1;
 position: relative;
 `),r(`input-el, textarea-el, input-mirror, textarea-mirror, separator, placeholder`,`
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
 `),r(`input-el, textarea-el`,`
 -webkit-appearance: none;
 scrollbar-width: none;
 width: 100%;
 min-width: 0;
 text-decoration-color: var(--n-text-decoration-color);
 color: var(--n-text-color);
 caret-color: var(--n-caret-color);
 background-color: transparent;
 `,[f(`&::-webkit-scrollbar, &::-webkit-scrollbar-track-piece, &::-webkit-scrollbar-thumb`,`
 width: 0;
 height: 0;
 display: none;
 `),f(`&::placeholder`,`
 color: #0000;
 -webkit-text-fill-color: transparent !important;
 `),f(`&:-webkit-autofill ~`,[r(`placeholder`,`display: none;`)])]),h(`round`,[d(`textarea`,`border-radius: calc(var(--n-height) / 2);`)]),r(`placeholder`,`
 pointer-events: none;
 position: absolute;
 left: 0;
 right: 0;
 top: 0;
 bottom: 0;
 overflow: hidden;
 color: var(--n-placeholder-color);
 `,[f(`span`,`
 width: 100%;
 display: inline-block;
 `)]),h(`textarea`,[r(`placeholder`,`overflow: visible;`)]),d(`autosize`,`width: 100%;`),h(`autosize`,[r(`textarea-el, input-el`,`
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
 `),r(`input-mirror`,`
 padding: 0;
 height: var(--n-height);
 line-height: var(--n-height);
 overflow: hidden;
 visibility: hidden;
 position: static;
 white-space: pre;
 pointer-events: none;
 `),r(`input-el`,`
 padding: 0;
 height: var(--n-height);
 line-height: var(--n-height);
 `,[f(`&[type=password]::-ms-reveal`,`display: none;`),f(`+`,[r(`placeholder`,`
 display: flex;
 align-items: center; 
 `)])]),d(`textarea`,[r(`placeholder`,`white-space: nowrap;`)]),r(`eye`,`
 display: flex;
 align-items: center;
 justify-content: center;
 transition: color .3s var(--n-bezier);
 `),h(`textarea`,`width: 100%;`,[g(`input-word-count`,`
 position: absolute;
 right: var(--n-padding-right);
 bottom: var(--n-padding-vertical);
 `),h(`resizable`,[g(`input-wrapper`,`
 resize: vertical;
 min-height: var(--n-height);
 `)]),r(`textarea-el, textarea-mirror, placeholder`,`
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
 `),r(`textarea-mirror`,`
 width: 100%;
 pointer-events: none;
 overflow: hidden;
 visibility: hidden;
 position: static;
 white-space: pre-wrap;
 overflow-wrap: break-word;
 `)]),h(`pair`,[r(`input-el, placeholder`,`text-align: center;`),r(`separator`,`
 display: flex;
 align-items: center;
 transition: color .3s var(--n-bezier);
 color: var(--n-text-color);
 white-space: nowrap;
 `,[g(`icon`,`
 color: var(--n-icon-color);
 `),g(`base-icon`,`
 color: var(--n-icon-color);
 `)])]),h(`disabled`,`
 cursor: not-allowed;
 background-color: var(--n-color-disabled);
 `,[r(`border`,`border: var(--n-border-disabled);`),r(`input-el, textarea-el`,`
 cursor: not-allowed;
 color: var(--n-text-color-disabled);
 text-decoration-color: var(--n-text-color-disabled);
 `),r(`placeholder`,`color: var(--n-placeholder-color-disabled);`),r(`separator`,`color: var(--n-text-color-disabled);`,[g(`icon`,`
 color: var(--n-icon-color-disabled);
 `),g(`base-icon`,`
 color: var(--n-icon-color-disabled);
 `)]),g(`input-word-count`,`
 color: var(--n-count-text-color-disabled);
 `),r(`suffix, prefix`,`color: var(--n-text-color-disabled);`,[g(`icon`,`
 color: var(--n-icon-color-disabled);
 `),g(`internal-icon`,`
 color: var(--n-icon-color-disabled);
 `)])]),d(`disabled`,[r(`eye`,`
 color: var(--n-icon-color);
 cursor: pointer;
 `,[f(`&:hover`,`
 color: var(--n-icon-color-hover);
 `),f(`&:active`,`
 color: var(--n-icon-color-pressed);
 `)]),f(`&:hover`,`background-color: var(--n-color-hover);`,[r(`state-border`,`border: var(--n-border-hover);`)]),h(`focus`,`background-color: var(--n-color-focus);`,[r(`state-border`,`
 border: var(--n-border-focus);
 box-shadow: var(--n-box-shadow-focus);
 `)])]),r(`border, state-border`,`
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
 `),r(`state-border`,`
 border-color: #0000;
 z-index: 1;
 `),r(`prefix`,`margin-right: 4px;`),r(`suffix`,`
 margin-left: 4px;
 `),r(`suffix, prefix`,`
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
 `,[r(`placeholder`,[g(`base-icon`,`
 transition: color .3s var(--n-bezier);
 color: var(--n-icon-color);
 font-size: var(--n-icon-size);
 `)])]),f(`>`,[g(`icon`,`
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
 `),[`warning`,`error`].map(e=>h(`${e}-status`,[d(`disabled`,[g(`base-loading`,`
 color: var(--n-loading-color-${e})
 `),r(`input-el, textarea-el`,`
 caret-color: var(--n-caret-color-${e});
 `),r(`state-border`,`
 border: var(--n-border-${e});
 `),f(`&:hover`,[r(`state-border`,`
 border: var(--n-border-hover-${e});
 `)]),f(`&:focus`,`
 background-color: var(--n-color-focus-${e});
 `,[r(`state-border`,`
 box-shadow: var(--n-box-shadow-focus-${e});
 border: var(--n-border-focus-${e});
 `)]),h(`focus`,`
 background-color: var(--n-color-focus-${e});
 `,[r(`state-border`,`
 box-shadow: var(--n-box-shadow-focus-${e});
 border: var(--n-border-focus-${e});
 `)])])]))]),pe=g(`input`,[h(`disabled`,[r(`input-el, textarea-el`,`
 -webkit-text-fill-color: var(--n-text-color-disabled);
 `)])]);function H(e){let t=0;for(let n of e)t++;return t}function U(e){return e===``||e==null}function me(e){let t=N(null);function n(){let{value:n}=e;if(!n?.focus){i();return}let{selectionStart:r,selectionEnd:a,value:o}=n;r==null||a==null?i():t.value={start:r,end:a,beforeText:o.slice(0,r),afterText:o.slice(a)}}function r(){let{value:n}=t,{value:r}=e;if(!n||!r)return;let{value:i}=r,{start:a,beforeText:o,afterText:s}=n,c=i.length;if(i.endsWith(s))c=i.length-s.length;else if(i.startsWith(o))c=o.length;else{let e=o[a-1],t=i.indexOf(e,a-1);t!==-1&&(c=t+1)}r.setSelectionRange?.(c,c)}function i(){t.value=null}return I(e,i),{recordCursor:n,restoreCursor:r}}var W=P({name:`InputWordCount`,setup(e,{slots:r}){let{mergedValueRef:i,maxlengthRef:a,mergedClsPrefixRef:o,countGraphemesRef:s}=D(V),l=A(()=>{let{value:e}=i;return e===null||Array.isArray(e)?0:(s.value||H)(e)});return()=>{let{value:e}=a,{value:s}=i;return T(),L(`span`,{class:c(`${o.value}-input-word-count`)},[t(()=>n(r.default,{value:s===null||Array.isArray(s)?``:s},()=>[e===void 0?l.value:`${l.value} / ${e}`]))],2)}}}),he=[`autofocus`,`rows`,`placeholder`,`value`,`disabled`,`maxlength`,`minlength`,`readonly`,`tabindex`,`onBlur`,`onFocus`,`onInput`,`onChange`,`onScroll`],ge=[`type`,`tabindex`,`placeholder`,`disabled`,`maxlength`,`minlength`,`value`,`readonly`,`autofocus`,`size`,`onBlur`,`onFocus`,`onInput`,`onChange`],G=[`onMousedown`,`onClick`],_e=[`type`,`tabindex`,`placeholder`,`disabled`,`maxlength`,`minlength`,`value`,`readonly`,`onBlur`,`onFocus`,`onInput`,`onChange`],K=[`tabindex`,`onFocus`,`onBlur`,`onClick`,`onMousedown`,`onMouseenter`,`onMouseleave`,`onCompositionstart`,`onCompositionend`,`onKeyup`,`onKeydown`],q={...p.props,bordered:{type:Boolean,default:void 0},type:{type:String,default:`text`},placeholder:[Array,String],defaultValue:{type:[String,Array],default:null},value:[String,Array],disabled:{type:Boolean,default:void 0},size:String,rows:{type:[Number,String],default:3},round:Boolean,minlength:[String,Number],maxlength:[String,Number],clearable:Boolean,autosize:{type:[Boolean,Object],default:!1},pair:Boolean,separator:String,readonly:{type:[String,Boolean],default:!1},passivelyActivated:Boolean,showPasswordOn:String,stateful:{type:Boolean,default:!0},autofocus:Boolean,inputProps:Object,resizable:{type:Boolean,default:!0},showCount:Boolean,loading:{type:Boolean,default:void 0},allowInput:Function,renderCount:Function,onMousedown:Function,onKeydown:Function,onKeyup:[Function,Array],onInput:[Function,Array],onFocus:[Function,Array],onBlur:[Function,Array],onClick:[Function,Array],onChange:[Function,Array],onClear:[Function,Array],countGraphemes:Function,status:String,"onUpdate:value":[Function,Array],onUpdateValue:[Function,Array],textDecoration:[String,Array],attrSize:{type:Number,default:20},onInputBlur:[Function,Array],onInputFocus:[Function,Array],onDeactivate:[Function,Array],onActivate:[Function,Array],onWrapperFocus:[Function,Array],onWrapperBlur:[Function,Array],internalDeactivateOnEnter:Boolean,internalForceFocus:Boolean,internalLoadingBeforeSuffix:{type:Boolean,default:!0},showPasswordToggle:Boolean},ve=P({name:`Input`,props:q,slots:Object,setup(t){let{mergedClsPrefixRef:n,mergedBorderedRef:r,inlineThemeDisabled:o,mergedRtlRef:s,mergedComponentPropsRef:c}=te(t),l=p(`Input`,`-input`,fe,de,t,n);re&&ee(`-input-safari`,pe,n);let d=N(null),f=N(null),m=N(null),h=N(null),g=N(null),_=N(null),v=N(null),y=me(v),b=N(null),{localeRef:S}=ae(`Input`),w=N(t.defaultValue),T=j(t,`value`),E=oe(T,w),D=ne(t,{mergedSize:e=>{let{size:n}=t;if(n)return n;let{mergedSize:r}=e||{};return r?.value?r.value:c?.value?.Input?.size||`medium`}}),{mergedSizeRef:k,mergedDisabledRef:M,mergedStatusRef:P}=D,L=N(!1),R=N(!1),z=N(!1),B=N(!1),H=null,W=A(()=>{let{placeholder:e,pair:n}=t;return n?Array.isArray(e)?e:e===void 0?[``,``]:[e,e]:e===void 0?[S.value.placeholder]:[e]}),he=A(()=>{let{value:e}=z,{value:t}=E,{value:n}=W;return!e&&(U(t)||Array.isArray(t)&&U(t[0]))&&n[0]}),ge=A(()=>{let{value:e}=z,{value:t}=E,{value:n}=W;return!e&&n[1]&&(U(t)||Array.isArray(t)&&U(t[1]))}),G=i(()=>t.internalForceFocus||L.value),_e=i(()=>{if(M.value||t.readonly||!t.clearable||!G.value&&!R.value)return!1;let{value:e}=E,{value:n}=G;return t.pair?!!(Array.isArray(e)&&(e[0]||e[1]))&&(R.value||n):!!e&&(R.value||n)}),K=A(()=>{let{showPasswordOn:e}=t;if(e)return e;if(t.showPasswordToggle)return`click`}),q=N(!1),ve=A(()=>{let{textDecoration:e}=t;return e?Array.isArray(e)?e.map(e=>({textDecoration:e})):[{textDecoration:e}]:[``,``]}),ye=N(void 0),be=()=>{if(t.type===`textarea`){let{autosize:e}=t;if(e&&(ye.value=b.value?.$el?.offsetWidth),!f.value||typeof e==`boolean`)return;let{paddingTop:n,paddingBottom:r,lineHeight:i}=window.getComputedStyle(f.value),a=Number(n.slice(0,-2)),o=Number(r.slice(0,-2)),s=Number(i.slice(0,-2)),{value:c}=m;if(!c)return;if(e.minRows){let t=Math.max(e.minRows,1),n=`${a+o+s*t}px`;c.style.minHeight=n}if(e.maxRows){let t=`${a+o+s*e.maxRows}px`;c.style.maxHeight=t}}},xe=A(()=>{let{maxlength:e}=t;return e===void 0?void 0:Number(e)});ue(()=>{let{value:e}=E;Array.isArray(e)||$(e)});let Se=ce().proxy;function J(e,n){let{onUpdateValue:r,"onUpdate:value":i,onInput:a}=t,{nTriggerFormInput:o}=D;r&&u(r,e,n),i&&u(i,e,n),a&&u(a,e,n),w.value=e,o()}function Y(e,n){let{onChange:r}=t,{nTriggerFormChange:i}=D;r&&u(r,e,n),w.value=e,i()}function Ce(e){let{onBlur:n}=t,{nTriggerFormBlur:r}=D;n&&u(n,e),r()}function we(e){let{onFocus:n}=t,{nTriggerFormFocus:r}=D;n&&u(n,e),r()}function Te(e){let{onClear:n}=t;n&&u(n,e)}function Ee(e){let{onInputBlur:n}=t;n&&u(n,e)}function De(e){let{onInputFocus:n}=t;n&&u(n,e)}function Oe(){let{onDeactivate:e}=t;e&&u(e)}function ke(){let{onActivate:e}=t;e&&u(e)}function Ae(e){let{onClick:n}=t;n&&u(n,e)}function je(e){let{onWrapperFocus:n}=t;n&&u(n,e)}function Me(e){let{onWrapperBlur:n}=t;n&&u(n,e)}function Ne(){z.value=!0}function Pe(e){z.value=!1,e.target===_.value?X(e,1):X(e,0)}function X(e,n=0,r=`input`){let i=e.target.value;if($(i),e instanceof InputEvent&&!e.isComposing&&(z.value=!1),t.type===`textarea`){let{value:e}=b;e&&e.syncUnifiedContainer()}if(H=i,z.value)return;y.recordCursor();let a=Fe(i);if(a){if(!t.pair)r===`input`?J(i,{source:n}):Y(i,{source:n});else{let{value:e}=E;e=Array.isArray(e)?[e[0],e[1]]:[``,``],e[n]=i,r===`input`?J(e,{source:n}):Y(e,{source:n})}}Se.$forceUpdate(),a||O(y.restoreCursor)}function Fe(e){let{countGraphemes:n,maxlength:r,minlength:i}=t;if(n){let t;if(r!==void 0&&(t===void 0&&(t=n(e)),t>Number(r))||i!==void 0&&(t===void 0&&(t=n(e)),t<Number(r)))return!1}let{allowInput:a}=t;return typeof a!=`function`||a(e)}function Ie(e){Ee(e),e.relatedTarget===d.value&&Oe(),(e.relatedTarget===null||e.relatedTarget!==g.value&&e.relatedTarget!==_.value&&e.relatedTarget!==f.value)&&(B.value=!1),Z(e,`blur`),v.value=null}function Le(e,t){De(e),L.value=!0,B.value=!0,ke(),Z(e,`focus`),t===0?v.value=g.value:t===1?v.value=_.value:t===2&&(v.value=f.value)}function Re(e){t.passivelyActivated&&(Me(e),Z(e,`blur`))}function ze(e){t.passivelyActivated&&(L.value=!0,je(e),Z(e,`focus`))}function Z(e,t){e.relatedTarget!==null&&(e.relatedTarget===g.value||e.relatedTarget===_.value||e.relatedTarget===f.value||e.relatedTarget===d.value)||(t===`focus`?(we(e),L.value=!0):t===`blur`&&(Ce(e),L.value=!1))}function Be(e,t){X(e,t,`change`)}function Ve(e){Ae(e)}function He(e){Te(e),Ue()}function Ue(){t.pair?(J([``,``],{source:`clear`}),Y([``,``],{source:`clear`})):(J(``,{source:`clear`}),Y(``,{source:`clear`}))}function We(e){let{onMousedown:n}=t;n&&n(e);let{tagName:r}=e.target;if(r!==`INPUT`&&r!==`TEXTAREA`){if(t.resizable){let{value:t}=d;if(t){let{left:n,top:r,width:i,height:a}=t.getBoundingClientRect();if(n+i-14<e.clientX&&e.clientX<n+i&&r+a-14<e.clientY&&e.clientY<r+a)return}}e.preventDefault(),L.value||Qe()}}function Ge(){R.value=!0,t.type===`textarea`&&b.value?.handleMouseEnterWrapper()}function Ke(){R.value=!1,t.type===`textarea`&&b.value?.handleMouseLeaveWrapper()}function qe(){M.value||K.value===`click`&&(q.value=!q.value)}function Je(e){if(M.value)return;e.preventDefault();let t=e=>{e.preventDefault(),x(`mouseup`,document,t)};if(C(`mouseup`,document,t),K.value!==`mousedown`)return;q.value=!0;let n=()=>{q.value=!1,x(`mouseup`,document,n)};C(`mouseup`,document,n)}function Ye(e){t.onKeyup&&u(t.onKeyup,e)}function Xe(e){switch(t.onKeydown&&u(t.onKeydown,e),e.key){case`Escape`:Q();break;case`Enter`:Ze(e)}}function Ze(e){if(t.passivelyActivated){let{value:n}=B;if(n){t.internalDeactivateOnEnter&&Q();return}e.preventDefault(),t.type===`textarea`?f.value?.focus():g.value?.focus()}}function Q(){t.passivelyActivated&&(B.value=!1,O(()=>{d.value?.focus()}))}function Qe(){M.value||(t.passivelyActivated?d.value?.focus():(f.value?.focus(),g.value?.focus()))}function $e(){d.value?.contains(document.activeElement)&&document.activeElement.blur()}function et(){f.value?.select(),g.value?.select()}function tt(){M.value||(f.value?f.value.focus():g.value&&g.value.focus())}function nt(){let{value:e}=d;e?.contains(document.activeElement)&&e!==document.activeElement&&Q()}function rt(e){if(t.type===`textarea`){let{value:t}=f;t?.scrollTo(e)}else{let{value:t}=g;t?.scrollTo(e)}}function $(e){let{type:n,pair:r,autosize:i}=t;if(!r&&i){if(n===`textarea`){let{value:t}=m;t&&(t.textContent=`${e??``}\r\n`)}else{let{value:t}=h;t&&(e?t.textContent=e:t.innerHTML=`&nbsp;`)}}}function it(){be()}let at=N({top:`0`});function ot(e){let{scrollTop:t}=e.target;at.value.top=`${-t}px`,b.value?.syncUnifiedContainer()}let st=null;F(()=>{let{autosize:e,type:n}=t;e&&n===`textarea`?st=I(E,e=>{!Array.isArray(e)&&e!==H&&$(e)}):st?.()});let ct=null;F(()=>{t.type===`textarea`?ct=I(E,e=>{!Array.isArray(e)&&e!==H&&b.value?.syncUnifiedContainer()}):ct?.()}),le(V,{mergedValueRef:E,maxlengthRef:xe,mergedClsPrefixRef:n,countGraphemesRef:j(t,`countGraphemes`)});let lt={wrapperElRef:d,inputElRef:g,textareaElRef:f,isCompositing:z,clear:Ue,focus:Qe,blur:$e,select:et,deactivate:nt,activate:tt,scrollTo:rt},ut=ie(`Input`,s,n),dt=A(()=>{let{value:e}=k,{common:{cubicBezierEaseInOut:t},self:{color:n,colorHover:r,borderRadius:i,textColor:o,caretColor:s,caretColorError:c,caretColorWarning:u,textDecorationColor:d,border:ee,borderDisabled:te,borderHover:ne,borderFocus:f,placeholderColor:re,placeholderColorDisabled:p,lineHeightTextarea:m,colorDisabled:h,colorFocus:g,textColorDisabled:ie,boxShadowFocus:_,iconSize:ae,colorFocusWarning:v,boxShadowFocusWarning:oe,borderWarning:y,borderFocusWarning:b,borderHoverWarning:x,colorFocusError:S,boxShadowFocusError:C,borderError:ce,borderFocusError:w,borderHoverError:T,clearSize:le,clearColor:E,clearColorHover:D,clearColorPressed:O,iconColor:ue,iconColorDisabled:A,suffixTextColor:j,countTextColor:M,countTextColorDisabled:N,iconColorHover:P,iconColorPressed:F,loadingColor:I,loadingColorError:L,loadingColorWarning:R,fontWeight:de,[a(`padding`,e)]:z,[a(`fontSize`,e)]:B,[a(`height`,e)]:V}}=l.value,{left:fe,right:pe}=se(z);return{"--n-bezier":t,"--n-count-text-color":M,"--n-count-text-color-disabled":N,"--n-color":n,"--n-color-hover":r,"--n-font-size":B,"--n-font-weight":de,"--n-border-radius":i,"--n-height":V,"--n-padding-left":fe,"--n-padding-right":pe,"--n-text-color":o,"--n-caret-color":s,"--n-text-decoration-color":d,"--n-border":ee,"--n-border-disabled":te,"--n-border-hover":ne,"--n-border-focus":f,"--n-placeholder-color":re,"--n-placeholder-color-disabled":p,"--n-icon-size":ae,"--n-line-height-textarea":m,"--n-color-disabled":h,"--n-color-focus":g,"--n-text-color-disabled":ie,"--n-box-shadow-focus":_,"--n-loading-color":I,"--n-caret-color-warning":u,"--n-color-focus-warning":v,"--n-box-shadow-focus-warning":oe,"--n-border-warning":y,"--n-border-focus-warning":b,"--n-border-hover-warning":x,"--n-loading-color-warning":R,"--n-caret-color-error":c,"--n-color-focus-error":S,"--n-box-shadow-focus-error":C,"--n-border-error":ce,"--n-border-focus-error":w,"--n-border-hover-error":T,"--n-loading-color-error":L,"--n-clear-color":E,"--n-clear-size":le,"--n-clear-color-hover":D,"--n-clear-color-pressed":O,"--n-icon-color":ue,"--n-icon-color-hover":P,"--n-icon-color-pressed":F,"--n-icon-color-disabled":A,"--n-suffix-text-color":j}}),ft=o?e(`input`,A(()=>{let{value:e}=k;return e[0]}),dt,t):void 0;return{...lt,wrapperElRef:d,inputElRef:g,inputMirrorElRef:h,inputEl2Ref:_,textareaElRef:f,textareaMirrorElRef:m,textareaScrollbarInstRef:b,rtlEnabled:ut,uncontrolledValue:w,mergedValue:E,passwordVisible:q,mergedPlaceholder:W,showPlaceholder1:he,showPlaceholder2:ge,mergedFocus:G,isComposing:z,activated:B,showClearButton:_e,mergedSize:k,mergedDisabled:M,textDecorationStyle:ve,mergedClsPrefix:n,mergedBordered:r,mergedShowPasswordOn:K,placeholderStyle:at,mergedStatus:P,textAreaScrollContainerWidth:ye,handleTextAreaScroll:ot,handleCompositionStart:Ne,handleCompositionEnd:Pe,handleInput:X,handleInputBlur:Ie,handleInputFocus:Le,handleWrapperBlur:Re,handleWrapperFocus:ze,handleMouseEnter:Ge,handleMouseLeave:Ke,handleMouseDown:We,handleChange:Be,handleClick:Ve,handleClear:He,handlePasswordToggleClick:qe,handlePasswordToggleMousedown:Je,handleWrapperKeydown:Xe,handleWrapperKeyup:Ye,handleTextAreaMirrorResize:it,getTextareaScrollContainer:()=>f.value,mergedTheme:l,cssVars:o?void 0:dt,themeClass:ft?.themeClass,onRender:ft?.onRender}},render(){let{mergedClsPrefix:e,mergedStatus:n,themeClass:r,type:i,countGraphemes:a,onRender:o}=this,s=this.$slots;return o?.(),T(),L(`div`,{ref:`wrapperElRef`,class:c([`${e}-input`,`${e}-input--${this.mergedSize}-size`,r,n&&`${e}-input--${n}-status`,{[`${e}-input--rtl`]:this.rtlEnabled,[`${e}-input--disabled`]:this.mergedDisabled,[`${e}-input--textarea`]:i===`textarea`,[`${e}-input--resizable`]:this.resizable&&!this.autosize,[`${e}-input--autosize`]:this.autosize,[`${e}-input--round`]:this.round&&i!==`textarea`,[`${e}-input--pair`]:this.pair,[`${e}-input--focus`]:this.mergedFocus,[`${e}-input--stateful`]:this.stateful}]),style:w(this.cssVars),tabindex:!this.mergedDisabled&&this.passivelyActivated&&!this.activated?0:void 0,onFocus:this.handleWrapperFocus,onBlur:this.handleWrapperBlur,onClick:this.handleClick,onMousedown:this.handleMouseDown,onMouseenter:this.handleMouseEnter,onMouseleave:this.handleMouseLeave,onCompositionstart:this.handleCompositionStart,onCompositionend:this.handleCompositionEnd,onKeyup:this.handleWrapperKeyup,onKeydown:this.handleWrapperKeydown},[R(`div`,{class:c(`${e}-input-wrapper`)},[t(()=>m(s.prefix,n=>n&&(T(),L(`div`,{class:c(`${e}-input__prefix`)},[t(()=>n)],2)))),i===`textarea`?(T(),k(S,{key:0,ref:`textareaScrollbarInstRef`,class:c(`${e}-input__textarea`),container:this.getTextareaScrollContainer,theme:this.theme?.peers?.Scrollbar,themeOverrides:this.themeOverrides?.peers?.Scrollbar,triggerDisplayManually:!0,useUnifiedContainer:!0,internalHoistYRail:!0},{default:()=>{let{textAreaScrollContainerWidth:n}=this,r={width:this.autosize&&n&&`${n}px`};return T(),L(M,null,[R(`textarea`,E(this.inputProps,{ref:`textareaElRef`,class:[`${e}-input__textarea-el`,this.inputProps?.class],autofocus:this.autofocus,rows:Number(this.rows),placeholder:this.placeholder,value:this.mergedValue,disabled:this.mergedDisabled,maxlength:a?void 0:this.maxlength,minlength:a?void 0:this.minlength,readonly:this.readonly,tabindex:this.passivelyActivated&&!this.activated?-1:void 0,style:[this.textDecorationStyle[0],this.inputProps?.style,r],onBlur:this.handleInputBlur,onFocus:e=>{this.handleInputFocus(e,2)},onInput:this.handleInput,onChange:this.handleChange,onScroll:this.handleTextAreaScroll}),null,16,he),this.showPlaceholder1?(T(),L(`div`,{class:c(`${e}-input__placeholder`),style:w([this.placeholderStyle,r]),key:`placeholder`},[t(()=>this.mergedPlaceholder[0])],6)):t(()=>null),this.autosize?(T(),k(b,{key:2,onResize:this.handleTextAreaMirrorResize},{default:()=>(T(),L(`div`,{ref:`textareaMirrorElRef`,class:c(`${e}-input__textarea-mirror`),key:`mirror`},null,2))},1032,[`onResize`])):t(()=>null)],64)}},1032,[`class`,`container`,`theme`,`themeOverrides`])):(T(),L(`div`,{key:1,class:c(`${e}-input__input`)},[R(`input`,E({type:i===`password`&&this.mergedShowPasswordOn&&this.passwordVisible?`text`:i},this.inputProps,{ref:`inputElRef`,class:[`${e}-input__input-el`,this.inputProps?.class],style:[this.textDecorationStyle[0],this.inputProps?.style],tabindex:this.passivelyActivated&&!this.activated?-1:this.inputProps?.tabindex,placeholder:this.mergedPlaceholder[0],disabled:this.mergedDisabled,maxlength:a?void 0:this.maxlength,minlength:a?void 0:this.minlength,value:Array.isArray(this.mergedValue)?this.mergedValue[0]:this.mergedValue,readonly:this.readonly,autofocus:this.autofocus,size:this.attrSize,onBlur:this.handleInputBlur,onFocus:e=>{this.handleInputFocus(e,0)},onInput:e=>{this.handleInput(e,0)},onChange:e=>{this.handleChange(e,0)}}),null,16,ge),this.showPlaceholder1?(T(),L(`div`,{key:0,class:c(`${e}-input__placeholder`)},[R(`span`,null,[t(()=>this.mergedPlaceholder[0])])],2)):t(()=>null),this.autosize?(T(),L(`div`,{class:c(`${e}-input__input-mirror`),key:`mirror`,ref:`inputMirrorElRef`},`\xA0`,2)):t(()=>null)],2)),t(()=>!this.pair&&m(s.suffix,n=>n||this.clearable||this.showCount||this.mergedShowPasswordOn||this.loading!==void 0?(T(),L(`div`,{key:1,class:c(`${e}-input__suffix`)},[t(()=>[m(s[`clear-icon-placeholder`],t=>(this.clearable||t)&&(T(),k(_,{clsPrefix:e,show:this.showClearButton,onClear:this.handleClear},{placeholder:()=>t,icon:()=>this.$slots[`clear-icon`]?.()},1032,[`clsPrefix`,`show`,`onClear`]))),this.internalLoadingBeforeSuffix?null:n,this.loading===void 0?null:(T(),k(v,{key:2,clsPrefix:e,loading:this.loading,showArrow:!1,showClear:!1,style:w(this.cssVars)},null,8,[`clsPrefix`,`loading`,`style`])),this.internalLoadingBeforeSuffix?n:null,this.showCount&&this.type!==`textarea`?(T(),k(W,{key:3},{default:e=>{let{renderCount:t}=this;return t?t(e):s.count?.(e)}},1024)):null,this.mergedShowPasswordOn&&this.type===`password`?(T(),L(`div`,{key:4,class:c(`${e}-input__eye`),onMousedown:this.handlePasswordToggleMousedown,onClick:this.handlePasswordToggleClick},[this.passwordVisible?(T(),L(M,{key:0},[t(()=>l(s[`password-visible-icon`],()=>[(T(),k(y,{clsPrefix:e},{default:()=>(T(),k(z))},1032,[`clsPrefix`]))]))],64)):(T(),L(M,{key:1},[t(()=>l(s[`password-invisible-icon`],()=>[(T(),k(y,{clsPrefix:e},{default:()=>(T(),k(B))},1032,[`clsPrefix`]))]))],64))],42,G)):null])],2)):null))],2),this.pair?(T(),L(`span`,{key:0,class:c(`${e}-input__separator`)},[t(()=>l(s.separator,()=>[this.separator]))],2)):t(()=>null),this.pair?(T(),L(`div`,{key:2,class:c(`${e}-input-wrapper`)},[R(`div`,{class:c(`${e}-input__input`)},[R(`input`,{ref:`inputEl2Ref`,type:this.type,class:c(`${e}-input__input-el`),tabindex:this.passivelyActivated&&!this.activated?-1:void 0,placeholder:this.mergedPlaceholder[1],disabled:this.mergedDisabled,maxlength:a?void 0:this.maxlength,minlength:a?void 0:this.minlength,value:Array.isArray(this.mergedValue)?this.mergedValue[1]:void 0,readonly:this.readonly,style:w(this.textDecorationStyle[1]),onBlur:this.handleInputBlur,onFocus:e=>{this.handleInputFocus(e,1)},onInput:e=>{this.handleInput(e,1)},onChange:e=>{this.handleChange(e,1)}},null,46,_e),this.showPlaceholder2?(T(),L(`div`,{key:0,class:c(`${e}-input__placeholder`)},[R(`span`,null,[t(()=>this.mergedPlaceholder[1])])],2)):t(()=>null)],2),t(()=>m(s.suffix,n=>(this.clearable||n)&&(T(),L(`div`,{class:c(`${e}-input__suffix`)},[t(()=>[this.clearable&&(T(),k(_,{clsPrefix:e,show:this.showClearButton,onClear:this.handleClear},{icon:()=>s[`clear-icon`]?.(),placeholder:()=>s[`clear-icon-placeholder`]?.()},1032,[`clsPrefix`,`show`,`onClear`])),n])],2))))],2)):t(()=>null),this.mergedBordered?(T(),L(`div`,{key:4,class:c(`${e}-input__border`)},null,2)):t(()=>null),this.mergedBordered?(T(),L(`div`,{key:6,class:c(`${e}-input__state-border`)},null,2)):t(()=>null),this.showCount&&i===`textarea`?(T(),k(W,{key:8},{default:e=>{let{renderCount:t}=this;return t?t(e):s.count?.(e)}},1024)):t(()=>null)],46,K)}});export{ve as t};