import{$ as e,A as t,B as n,F as r,I as i,Jt as a,Kt as o,L as s,N as c,O as l,P as u,Q as d,T as ee,Ut as f,Wt as p,Y as te,Yt as m,ct as h,d as ne,g as re,j as g,k as _,nt as v,ot as ie,qt as y,rt as ae,x as b,y as x,z as S}from"./http-BHB9vVLc.js";import{a as oe,i as C,r as w}from"./ProblemBox-YLnTUMUc.js";import{C as T,G as se,H as ce,I as E,L as D,M as O,O as k,Tt as A,W as j,b as M,et as N,h as P,k as le,mt as F,tt as I,x as L,y as R,yt as z}from"./Icon-DcD_FAza.js";import{t as ue}from"./light-BjRA8GJh.js";var B=k({name:`Eye`,render(){return(()=>{let e=d(`ae479a1970012861`);return e[0]||=M(`svg`,{xmlns:`http://www.w3.org/2000/svg`,viewBox:`0 0 512 512`},[M(`path`,{d:`M255.66 112c-77.94 0-157.89 45.11-220.83 135.33a16 16 0 0 0-.27 17.77C82.92 340.8 161.8 400 255.66 400c92.84 0 173.34-59.38 221.79-135.25a16.14 16.14 0 0 0 0-17.47C428.89 172.28 347.8 112 255.66 112z`,fill:`none`,stroke:`currentColor`,"stroke-linecap":`round`,"stroke-linejoin":`round`,"stroke-width":`32`}),M(`circle`,{cx:`256`,cy:`256`,r:`80`,fill:`none`,stroke:`currentColor`,"stroke-miterlimit":`10`,"stroke-width":`32`})],-1)})()}}),V=k({name:`EyeOff`,render(){return(()=>{let e=d(`2c06203b450ce879`);return e[0]||=M(`svg`,{xmlns:`http://www.w3.org/2000/svg`,viewBox:`0 0 512 512`},[M(`path`,{d:`M432 448a15.92 15.92 0 0 1-11.31-4.69l-352-352a16 16 0 0 1 22.62-22.62l352 352A16 16 0 0 1 432 448z`,fill:`currentColor`}),M(`path`,{d:`M255.66 384c-41.49 0-81.5-12.28-118.92-36.5c-34.07-22-64.74-53.51-88.7-91v-.08c19.94-28.57 41.78-52.73 65.24-72.21a2 2 0 0 0 .14-2.94L93.5 161.38a2 2 0 0 0-2.71-.12c-24.92 21-48.05 46.76-69.08 76.92a31.92 31.92 0 0 0-.64 35.54c26.41 41.33 60.4 76.14 98.28 100.65C162 402 207.9 416 255.66 416a239.13 239.13 0 0 0 75.8-12.58a2 2 0 0 0 .77-3.31l-21.58-21.58a4 4 0 0 0-3.83-1a204.8 204.8 0 0 1-51.16 6.47z`,fill:`currentColor`}),M(`path`,{d:`M490.84 238.6c-26.46-40.92-60.79-75.68-99.27-100.53C349 110.55 302 96 255.66 96a227.34 227.34 0 0 0-74.89 12.83a2 2 0 0 0-.75 3.31l21.55 21.55a4 4 0 0 0 3.88 1a192.82 192.82 0 0 1 50.21-6.69c40.69 0 80.58 12.43 118.55 37c34.71 22.4 65.74 53.88 89.76 91a.13.13 0 0 1 0 .16a310.72 310.72 0 0 1-64.12 72.73a2 2 0 0 0-.15 2.95l19.9 19.89a2 2 0 0 0 2.7.13a343.49 343.49 0 0 0 68.64-78.48a32.2 32.2 0 0 0-.1-34.78z`,fill:`currentColor`}),M(`path`,{d:`M256 160a95.88 95.88 0 0 0-21.37 2.4a2 2 0 0 0-1 3.38l112.59 112.56a2 2 0 0 0 3.38-1A96 96 0 0 0 256 160z`,fill:`currentColor`}),M(`path`,{d:`M165.78 233.66a2 2 0 0 0-3.38 1a96 96 0 0 0 115 115a2 2 0 0 0 1-3.38z`,fill:`currentColor`})],-1)})()}}),H=h(`n-input`),de=p(`input`,`
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
`,[o(`input, textarea`,`
 overflow: hidden;
 flex-grow: 1;
 position: relative;
 `),o(`input-el, textarea-el, input-mirror, textarea-mirror, separator, placeholder`,`
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
 `),o(`input-el, textarea-el`,`
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
 `),f(`&:-webkit-autofill ~`,[o(`placeholder`,`display: none;`)])]),y(`round`,[a(`textarea`,`border-radius: calc(var(--n-height) / 2);`)]),o(`placeholder`,`
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
 `)]),y(`textarea`,[o(`placeholder`,`overflow: visible;`)]),a(`autosize`,`width: 100%;`),y(`autosize`,[o(`textarea-el, input-el`,`
 position: absolute;
 top: 0;
 left: 0;
 height: 100%;
 `)]),p(`input-wrapper`,`
 overflow: hidden;
 display: inline-flex;
 flex-grow: 1;
 position: relative;
 padding-left: var(--n-padding-left);
 padding-right: var(--n-padding-right);
 `),o(`input-mirror`,`
 padding: 0;
 height: var(--n-height);
 line-height: var(--n-height);
 overflow: hidden;
 visibility: hidden;
 position: static;
 white-space: pre;
 pointer-events: none;
 `),o(`input-el`,`
 padding: 0;
 height: var(--n-height);
 line-height: var(--n-height);
 `,[f(`&[type=password]::-ms-reveal`,`display: none;`),f(`+`,[o(`placeholder`,`
 display: flex;
 align-items: center; 
 `)])]),a(`textarea`,[o(`placeholder`,`white-space: nowrap;`)]),o(`eye`,`
 display: flex;
 align-items: center;
 justify-content: center;
 transition: color .3s var(--n-bezier);
 `),y(`textarea`,`width: 100%;`,[p(`input-word-count`,`
 position: absolute;
 right: var(--n-padding-right);
 bottom: var(--n-padding-vertical);
 `),y(`resizable`,[p(`input-wrapper`,`
 resize: vertical;
 min-height: var(--n-height);
 `)]),o(`textarea-el, textarea-mirror, placeholder`,`
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
 `),o(`textarea-mirror`,`
 width: 100%;
 pointer-events: none;
 overflow: hidden;
 visibility: hidden;
 position: static;
 white-space: pre-wrap;
 overflow-wrap: break-word;
 `)]),y(`pair`,[o(`input-el, placeholder`,`text-align: center;`),o(`separator`,`
 display: flex;
 align-items: center;
 transition: color .3s var(--n-bezier);
 color: var(--n-text-color);
 white-space: nowrap;
 `,[p(`icon`,`
 color: var(--n-icon-color);
 `),p(`base-icon`,`
 color: var(--n-icon-color);
 `)])]),y(`disabled`,`
 cursor: not-allowed;
 background-color: var(--n-color-disabled);
 `,[o(`border`,`border: var(--n-border-disabled);`),o(`input-el, textarea-el`,`
 cursor: not-allowed;
 color: var(--n-text-color-disabled);
 text-decoration-color: var(--n-text-color-disabled);
 `),o(`placeholder`,`color: var(--n-placeholder-color-disabled);`),o(`separator`,`color: var(--n-text-color-disabled);`,[p(`icon`,`
 color: var(--n-icon-color-disabled);
 `),p(`base-icon`,`
 color: var(--n-icon-color-disabled);
 `)]),p(`input-word-count`,`
 color: var(--n-count-text-color-disabled);
 `),o(`suffix, prefix`,`color: var(--n-text-color-disabled);`,[p(`icon`,`
 color: var(--n-icon-color-disabled);
 `),p(`internal-icon`,`
 color: var(--n-icon-color-disabled);
 `)])]),a(`disabled`,[o(`eye`,`
 color: var(--n-icon-color);
 cursor: pointer;
 `,[f(`&:hover`,`
 color: var(--n-icon-color-hover);
 `),f(`&:active`,`
 color: var(--n-icon-color-pressed);
 `)]),f(`&:hover`,`background-color: var(--n-color-hover);`,[o(`state-border`,`border: var(--n-border-hover);`)]),y(`focus`,`background-color: var(--n-color-focus);`,[o(`state-border`,`
 border: var(--n-border-focus);
 box-shadow: var(--n-box-shadow-focus);
 `)])]),o(`border, state-border`,`
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
 `),o(`state-border`,`
 border-color: #0000;
 z-index: 1;
 `),o(`prefix`,`margin-right: 4px;`),o(`suffix`,`
 margin-left: 4px;
 `),o(`suffix, prefix`,`
 transition: color .3s var(--n-bezier);
 flex-wrap: nowrap;
 flex-shrink: 0;
 line-height: var(--n-height);
 white-space: nowrap;
 display: inline-flex;
 align-items: center;
 justify-content: center;
 color: var(--n-suffix-text-color);
 `,[p(`base-loading`,`
 font-size: var(--n-icon-size);
 margin: 0 2px;
 color: var(--n-loading-color);
 `),p(`base-clear`,`
 font-size: var(--n-icon-size);
 `,[o(`placeholder`,[p(`base-icon`,`
 transition: color .3s var(--n-bezier);
 color: var(--n-icon-color);
 font-size: var(--n-icon-size);
 `)])]),f(`>`,[p(`icon`,`
 transition: color .3s var(--n-bezier);
 color: var(--n-icon-color);
 font-size: var(--n-icon-size);
 `)]),p(`base-icon`,`
 font-size: var(--n-icon-size);
 `)]),p(`input-word-count`,`
 pointer-events: none;
 line-height: 1.5;
 font-size: .85em;
 color: var(--n-count-text-color);
 transition: color .3s var(--n-bezier);
 margin-left: 4px;
 font-variant: tabular-nums;
 `),[`warning`,`error`].map(e=>y(`${e}-status`,[a(`disabled`,[p(`base-loading`,`
 color: var(--n-loading-color-${e})
 `),o(`input-el, textarea-el`,`
 caret-color: var(--n-caret-color-${e});
 `),o(`state-border`,`
 border: var(--n-border-${e});
 `),f(`&:hover`,[o(`state-border`,`
 border: var(--n-border-hover-${e});
 `)]),f(`&:focus`,`
 background-color: var(--n-color-focus-${e});
 `,[o(`state-border`,`
 box-shadow: var(--n-box-shadow-focus-${e});
 border: var(--n-border-focus-${e});
 `)]),y(`focus`,`
 background-color: var(--n-color-focus-${e});
 `,[o(`state-border`,`
 box-shadow: var(--n-box-shadow-focus-${e});
 border: var(--n-border-focus-${e});
 `)])])]))]),fe=p(`input`,[y(`disabled`,[o(`input-el, textarea-el`,`
 -webkit-text-fill-color: var(--n-text-color-disabled);
 `)])]);function U(e){let t=0;for(let n of e)t++;return t}function W(e){return e===``||e==null}function pe(e){let t=F(null);function n(){let{value:n}=e;if(!n?.focus){i();return}let{selectionStart:r,selectionEnd:a,value:o}=n;r==null||a==null?i():t.value={start:r,end:a,beforeText:o.slice(0,r),afterText:o.slice(a)}}function r(){let{value:n}=t,{value:r}=e;if(!n||!r)return;let{value:i}=r,{start:a,beforeText:o,afterText:s}=n,c=i.length;if(i.endsWith(s))c=i.length-s.length;else if(i.startsWith(o))c=o.length;else{let e=o[a-1],t=i.indexOf(e,a-1);t!==-1&&(c=t+1)}r.setSelectionRange?.(c,c)}function i(){t.value=null}return N(e,i),{recordCursor:n,restoreCursor:r}}var G=k({name:`InputWordCount`,setup(t,{slots:n}){let{mergedValueRef:r,maxlengthRef:i,mergedClsPrefixRef:a,countGraphemesRef:o}=O(H),s=R(()=>{let{value:e}=r;return e===null||Array.isArray(e)?0:(o.value||U)(e)});return()=>{let{value:t}=i,{value:o}=r;return j(),T(`span`,{class:e(`${a.value}-input-word-count`)},[v(()=>_(n.default,{value:o===null||Array.isArray(o)?``:o},()=>[t===void 0?s.value:`${s.value} / ${t}`]))],2)}}}),me=[`autofocus`,`rows`,`placeholder`,`value`,`disabled`,`maxlength`,`minlength`,`readonly`,`tabindex`,`onBlur`,`onFocus`,`onInput`,`onChange`,`onScroll`],he=[`type`,`tabindex`,`placeholder`,`disabled`,`maxlength`,`minlength`,`value`,`readonly`,`autofocus`,`size`,`onBlur`,`onFocus`,`onInput`,`onChange`],K=[`onMousedown`,`onClick`],ge=[`type`,`tabindex`,`placeholder`,`disabled`,`maxlength`,`minlength`,`value`,`readonly`,`onBlur`,`onFocus`,`onInput`,`onChange`],q=[`tabindex`,`onFocus`,`onBlur`,`onClick`,`onMousedown`,`onMouseenter`,`onMouseleave`,`onCompositionstart`,`onCompositionend`,`onKeyup`,`onKeydown`],J={...S.props,bordered:{type:Boolean,default:void 0},type:{type:String,default:`text`},placeholder:[Array,String],defaultValue:{type:[String,Array],default:null},value:[String,Array],disabled:{type:Boolean,default:void 0},size:String,rows:{type:[Number,String],default:3},round:Boolean,minlength:[String,Number],maxlength:[String,Number],clearable:Boolean,autosize:{type:[Boolean,Object],default:!1},pair:Boolean,separator:String,readonly:{type:[String,Boolean],default:!1},passivelyActivated:Boolean,showPasswordOn:String,stateful:{type:Boolean,default:!0},autofocus:Boolean,inputProps:Object,resizable:{type:Boolean,default:!0},showCount:Boolean,loading:{type:Boolean,default:void 0},allowInput:Function,renderCount:Function,onMousedown:Function,onKeydown:Function,onKeyup:[Function,Array],onInput:[Function,Array],onFocus:[Function,Array],onBlur:[Function,Array],onClick:[Function,Array],onChange:[Function,Array],onClear:[Function,Array],countGraphemes:Function,status:String,"onUpdate:value":[Function,Array],onUpdateValue:[Function,Array],textDecoration:[String,Array],attrSize:{type:Number,default:20},onInputBlur:[Function,Array],onInputFocus:[Function,Array],onDeactivate:[Function,Array],onActivate:[Function,Array],onWrapperFocus:[Function,Array],onWrapperBlur:[Function,Array],internalDeactivateOnEnter:Boolean,internalForceFocus:Boolean,internalLoadingBeforeSuffix:{type:Boolean,default:!0},showPasswordToggle:Boolean},_e=k({name:`Input`,props:J,slots:Object,setup(e){let{mergedClsPrefixRef:t,mergedBorderedRef:a,inlineThemeDisabled:o,mergedRtlRef:s,mergedComponentPropsRef:l}=ie(e),d=S(`Input`,`-input`,de,ue,e,t);ne&&ae(`-input-safari`,fe,t);let f=F(null),p=F(null),h=F(null),_=F(null),v=F(null),y=F(null),b=F(null),x=pe(b),C=F(null),{localeRef:w}=oe(`Input`),T=F(e.defaultValue),E=z(e,`value`),O=c(E,T),k=re(e,{mergedSize:t=>{let{size:n}=e;if(n)return n;let{mergedSize:r}=t||{};return r?.value?r.value:l?.value?.Input?.size||`medium`}}),{mergedSizeRef:A,mergedDisabledRef:j,mergedStatusRef:M}=k,P=F(!1),L=F(!1),B=F(!1),V=F(!1),U=null,G=R(()=>{let{placeholder:t,pair:n}=e;return n?Array.isArray(t)?t:t===void 0?[``,``]:[t,t]:t===void 0?[w.value.placeholder]:[t]}),me=R(()=>{let{value:e}=B,{value:t}=O,{value:n}=G;return!e&&(W(t)||Array.isArray(t)&&W(t[0]))&&n[0]}),he=R(()=>{let{value:e}=B,{value:t}=O,{value:n}=G;return!e&&n[1]&&(W(t)||Array.isArray(t)&&W(t[1]))}),K=u(()=>e.internalForceFocus||P.value),ge=u(()=>{if(j.value||e.readonly||!e.clearable||!K.value&&!L.value)return!1;let{value:t}=O,{value:n}=K;return e.pair?!!(Array.isArray(t)&&(t[0]||t[1]))&&(L.value||n):!!t&&(L.value||n)}),q=R(()=>{let{showPasswordOn:t}=e;if(t)return t;if(e.showPasswordToggle)return`click`}),J=F(!1),_e=R(()=>{let{textDecoration:t}=e;return t?Array.isArray(t)?t.map(e=>({textDecoration:e})):[{textDecoration:t}]:[``,``]}),ve=F(void 0),ye=()=>{if(e.type===`textarea`){let{autosize:t}=e;if(t&&(ve.value=C.value?.$el?.offsetWidth),!p.value||typeof t==`boolean`)return;let{paddingTop:n,paddingBottom:r,lineHeight:i}=window.getComputedStyle(p.value),a=Number(n.slice(0,-2)),o=Number(r.slice(0,-2)),s=Number(i.slice(0,-2)),{value:c}=h;if(!c)return;if(t.minRows){let e=Math.max(t.minRows,1),n=`${a+o+s*e}px`;c.style.minHeight=n}if(t.maxRows){let e=`${a+o+s*t.maxRows}px`;c.style.maxHeight=e}}},be=R(()=>{let{maxlength:t}=e;return t===void 0?void 0:Number(t)});ce(()=>{let{value:e}=O;Array.isArray(e)||rt(e)});let xe=le().proxy;function Y(t,n){let{onUpdateValue:r,"onUpdate:value":i,onInput:a}=e,{nTriggerFormInput:o}=k;r&&g(r,t,n),i&&g(i,t,n),a&&g(a,t,n),T.value=t,o()}function X(t,n){let{onChange:r}=e,{nTriggerFormChange:i}=k;r&&g(r,t,n),T.value=t,i()}function Se(t){let{onBlur:n}=e,{nTriggerFormBlur:r}=k;n&&g(n,t),r()}function Ce(t){let{onFocus:n}=e,{nTriggerFormFocus:r}=k;n&&g(n,t),r()}function we(t){let{onClear:n}=e;n&&g(n,t)}function Te(t){let{onInputBlur:n}=e;n&&g(n,t)}function Ee(t){let{onInputFocus:n}=e;n&&g(n,t)}function De(){let{onDeactivate:t}=e;t&&g(t)}function Oe(){let{onActivate:t}=e;t&&g(t)}function ke(t){let{onClick:n}=e;n&&g(n,t)}function Ae(t){let{onWrapperFocus:n}=e;n&&g(n,t)}function je(t){let{onWrapperBlur:n}=e;n&&g(n,t)}function Me(){B.value=!0}function Ne(e){B.value=!1,e.target===y.value?Z(e,1):Z(e,0)}function Z(t,n=0,r=`input`){let i=t.target.value;if(rt(i),t instanceof InputEvent&&!t.isComposing&&(B.value=!1),e.type===`textarea`){let{value:e}=C;e&&e.syncUnifiedContainer()}if(U=i,B.value)return;x.recordCursor();let a=Pe(i);if(a){if(!e.pair)r===`input`?Y(i,{source:n}):X(i,{source:n});else{let{value:e}=O;e=Array.isArray(e)?[e[0],e[1]]:[``,``],e[n]=i,r===`input`?Y(e,{source:n}):X(e,{source:n})}}xe.$forceUpdate(),a||D(x.restoreCursor)}function Pe(t){let{countGraphemes:n,maxlength:r,minlength:i}=e;if(n){let e;if(r!==void 0&&(e===void 0&&(e=n(t)),e>Number(r))||i!==void 0&&(e===void 0&&(e=n(t)),e<Number(r)))return!1}let{allowInput:a}=e;return typeof a!=`function`||a(t)}function Fe(e){Te(e),e.relatedTarget===f.value&&De(),(e.relatedTarget===null||e.relatedTarget!==v.value&&e.relatedTarget!==y.value&&e.relatedTarget!==p.value)&&(V.value=!1),Q(e,`blur`),b.value=null}function Ie(e,t){Ee(e),P.value=!0,V.value=!0,Oe(),Q(e,`focus`),t===0?b.value=v.value:t===1?b.value=y.value:t===2&&(b.value=p.value)}function Le(t){e.passivelyActivated&&(je(t),Q(t,`blur`))}function Re(t){e.passivelyActivated&&(P.value=!0,Ae(t),Q(t,`focus`))}function Q(e,t){e.relatedTarget!==null&&(e.relatedTarget===v.value||e.relatedTarget===y.value||e.relatedTarget===p.value||e.relatedTarget===f.value)||(t===`focus`?(Ce(e),P.value=!0):t===`blur`&&(Se(e),P.value=!1))}function ze(e,t){Z(e,t,`change`)}function Be(e){ke(e)}function Ve(e){we(e),He()}function He(){e.pair?(Y([``,``],{source:`clear`}),X([``,``],{source:`clear`})):(Y(``,{source:`clear`}),X(``,{source:`clear`}))}function Ue(t){let{onMousedown:n}=e;n&&n(t);let{tagName:r}=t.target;if(r!==`INPUT`&&r!==`TEXTAREA`){if(e.resizable){let{value:e}=f;if(e){let{left:n,top:r,width:i,height:a}=e.getBoundingClientRect();if(n+i-14<t.clientX&&t.clientX<n+i&&r+a-14<t.clientY&&t.clientY<r+a)return}}t.preventDefault(),P.value||Ze()}}function We(){L.value=!0,e.type===`textarea`&&C.value?.handleMouseEnterWrapper()}function Ge(){L.value=!1,e.type===`textarea`&&C.value?.handleMouseLeaveWrapper()}function Ke(){j.value||q.value===`click`&&(J.value=!J.value)}function qe(e){if(j.value)return;e.preventDefault();let t=e=>{e.preventDefault(),r(`mouseup`,document,t)};if(i(`mouseup`,document,t),q.value!==`mousedown`)return;J.value=!0;let n=()=>{J.value=!1,r(`mouseup`,document,n)};i(`mouseup`,document,n)}function Je(t){e.onKeyup&&g(e.onKeyup,t)}function Ye(t){switch(e.onKeydown&&g(e.onKeydown,t),t.key){case`Escape`:$();break;case`Enter`:Xe(t)}}function Xe(t){if(e.passivelyActivated){let{value:n}=V;if(n){e.internalDeactivateOnEnter&&$();return}t.preventDefault(),e.type===`textarea`?p.value?.focus():v.value?.focus()}}function $(){e.passivelyActivated&&(V.value=!1,D(()=>{f.value?.focus()}))}function Ze(){j.value||(e.passivelyActivated?f.value?.focus():(p.value?.focus(),v.value?.focus()))}function Qe(){f.value?.contains(document.activeElement)&&document.activeElement.blur()}function $e(){p.value?.select(),v.value?.select()}function et(){j.value||(p.value?p.value.focus():v.value&&v.value.focus())}function tt(){let{value:e}=f;e?.contains(document.activeElement)&&e!==document.activeElement&&$()}function nt(t){if(e.type===`textarea`){let{value:e}=p;e?.scrollTo(t)}else{let{value:e}=v;e?.scrollTo(t)}}function rt(t){let{type:n,pair:r,autosize:i}=e;if(!r&&i){if(n===`textarea`){let{value:e}=h;e&&(e.textContent=`${t??``}\r\n`)}else{let{value:e}=_;e&&(t?e.textContent=t:e.innerHTML=`&nbsp;`)}}}function it(){ye()}let at=F({top:`0`});function ot(e){let{scrollTop:t}=e.target;at.value.top=`${-t}px`,C.value?.syncUnifiedContainer()}let st=null;I(()=>{let{autosize:t,type:n}=e;t&&n===`textarea`?st=N(O,e=>{!Array.isArray(e)&&e!==U&&rt(e)}):st?.()});let ct=null;I(()=>{e.type===`textarea`?ct=N(O,e=>{!Array.isArray(e)&&e!==U&&C.value?.syncUnifiedContainer()}):ct?.()}),se(H,{mergedValueRef:O,maxlengthRef:be,mergedClsPrefixRef:t,countGraphemesRef:z(e,`countGraphemes`)});let lt={wrapperElRef:f,inputElRef:v,textareaElRef:p,isCompositing:B,clear:He,focus:Ze,blur:Qe,select:$e,deactivate:tt,activate:et,scrollTo:nt},ut=ee(`Input`,s,t),dt=R(()=>{let{value:e}=A,{common:{cubicBezierEaseInOut:t},self:{color:n,colorHover:r,borderRadius:i,textColor:a,caretColor:o,caretColorError:s,caretColorWarning:c,textDecorationColor:l,border:u,borderDisabled:ee,borderHover:f,borderFocus:p,placeholderColor:h,placeholderColorDisabled:ne,lineHeightTextarea:re,colorDisabled:g,colorFocus:_,textColorDisabled:v,boxShadowFocus:ie,iconSize:y,colorFocusWarning:ae,boxShadowFocusWarning:b,borderWarning:x,borderFocusWarning:S,borderHoverWarning:oe,colorFocusError:C,boxShadowFocusError:w,borderError:T,borderFocusError:se,borderHoverError:ce,clearSize:E,clearColor:D,clearColorHover:O,clearColorPressed:k,iconColor:j,iconColorDisabled:M,suffixTextColor:N,countTextColor:P,countTextColorDisabled:le,iconColorHover:F,iconColorPressed:I,loadingColor:L,loadingColorError:R,loadingColorWarning:z,fontWeight:ue,[m(`padding`,e)]:B,[m(`fontSize`,e)]:V,[m(`height`,e)]:H}}=d.value,{left:de,right:fe}=te(B);return{"--n-bezier":t,"--n-count-text-color":P,"--n-count-text-color-disabled":le,"--n-color":n,"--n-color-hover":r,"--n-font-size":V,"--n-font-weight":ue,"--n-border-radius":i,"--n-height":H,"--n-padding-left":de,"--n-padding-right":fe,"--n-text-color":a,"--n-caret-color":o,"--n-text-decoration-color":l,"--n-border":u,"--n-border-disabled":ee,"--n-border-hover":f,"--n-border-focus":p,"--n-placeholder-color":h,"--n-placeholder-color-disabled":ne,"--n-icon-size":y,"--n-line-height-textarea":re,"--n-color-disabled":g,"--n-color-focus":_,"--n-text-color-disabled":v,"--n-box-shadow-focus":ie,"--n-loading-color":L,"--n-caret-color-warning":c,"--n-color-focus-warning":ae,"--n-box-shadow-focus-warning":b,"--n-border-warning":x,"--n-border-focus-warning":S,"--n-border-hover-warning":oe,"--n-loading-color-warning":z,"--n-caret-color-error":s,"--n-color-focus-error":C,"--n-box-shadow-focus-error":w,"--n-border-error":T,"--n-border-focus-error":se,"--n-border-hover-error":ce,"--n-loading-color-error":R,"--n-clear-color":D,"--n-clear-size":E,"--n-clear-color-hover":O,"--n-clear-color-pressed":k,"--n-icon-color":j,"--n-icon-color-hover":F,"--n-icon-color-pressed":I,"--n-icon-color-disabled":M,"--n-suffix-text-color":N}}),ft=o?n(`input`,R(()=>{let{value:e}=A;return e[0]}),dt,e):void 0;return{...lt,wrapperElRef:f,inputElRef:v,inputMirrorElRef:_,inputEl2Ref:y,textareaElRef:p,textareaMirrorElRef:h,textareaScrollbarInstRef:C,rtlEnabled:ut,uncontrolledValue:T,mergedValue:O,passwordVisible:J,mergedPlaceholder:G,showPlaceholder1:me,showPlaceholder2:he,mergedFocus:K,isComposing:B,activated:V,showClearButton:ge,mergedSize:A,mergedDisabled:j,textDecorationStyle:_e,mergedClsPrefix:t,mergedBordered:a,mergedShowPasswordOn:q,placeholderStyle:at,mergedStatus:M,textAreaScrollContainerWidth:ve,handleTextAreaScroll:ot,handleCompositionStart:Me,handleCompositionEnd:Ne,handleInput:Z,handleInputBlur:Fe,handleInputFocus:Ie,handleWrapperBlur:Le,handleWrapperFocus:Re,handleMouseEnter:We,handleMouseLeave:Ge,handleMouseDown:Ue,handleChange:ze,handleClick:Be,handleClear:Ve,handlePasswordToggleClick:Ke,handlePasswordToggleMousedown:qe,handleWrapperKeydown:Ye,handleWrapperKeyup:Je,handleTextAreaMirrorResize:it,getTextareaScrollContainer:()=>p.value,mergedTheme:d,cssVars:o?void 0:dt,themeClass:ft?.themeClass,onRender:ft?.onRender}},render(){let{mergedClsPrefix:n,mergedStatus:r,themeClass:i,type:a,countGraphemes:o,onRender:c}=this,u=this.$slots;return c?.(),j(),T(`div`,{ref:`wrapperElRef`,class:e([`${n}-input`,`${n}-input--${this.mergedSize}-size`,i,r&&`${n}-input--${r}-status`,{[`${n}-input--rtl`]:this.rtlEnabled,[`${n}-input--disabled`]:this.mergedDisabled,[`${n}-input--textarea`]:a===`textarea`,[`${n}-input--resizable`]:this.resizable&&!this.autosize,[`${n}-input--autosize`]:this.autosize,[`${n}-input--round`]:this.round&&a!==`textarea`,[`${n}-input--pair`]:this.pair,[`${n}-input--focus`]:this.mergedFocus,[`${n}-input--stateful`]:this.stateful}]),style:A(this.cssVars),tabindex:!this.mergedDisabled&&this.passivelyActivated&&!this.activated?0:void 0,onFocus:this.handleWrapperFocus,onBlur:this.handleWrapperBlur,onClick:this.handleClick,onMousedown:this.handleMouseDown,onMouseenter:this.handleMouseEnter,onMouseleave:this.handleMouseLeave,onCompositionstart:this.handleCompositionStart,onCompositionend:this.handleCompositionEnd,onKeyup:this.handleWrapperKeyup,onKeydown:this.handleWrapperKeydown},[M(`div`,{class:e(`${n}-input-wrapper`)},[v(()=>t(u.prefix,t=>t&&(j(),T(`div`,{class:e(`${n}-input__prefix`)},[v(()=>t)],2)))),a===`textarea`?(j(),L(x,{key:0,ref:`textareaScrollbarInstRef`,class:e(`${n}-input__textarea`),container:this.getTextareaScrollContainer,theme:this.theme?.peers?.Scrollbar,themeOverrides:this.themeOverrides?.peers?.Scrollbar,triggerDisplayManually:!0,useUnifiedContainer:!0,internalHoistYRail:!0},{default:()=>{let{textAreaScrollContainerWidth:t}=this,r={width:this.autosize&&t&&`${t}px`};return j(),T(P,null,[M(`textarea`,E(this.inputProps,{ref:`textareaElRef`,class:[`${n}-input__textarea-el`,this.inputProps?.class],autofocus:this.autofocus,rows:Number(this.rows),placeholder:this.placeholder,value:this.mergedValue,disabled:this.mergedDisabled,maxlength:o?void 0:this.maxlength,minlength:o?void 0:this.minlength,readonly:this.readonly,tabindex:this.passivelyActivated&&!this.activated?-1:void 0,style:[this.textDecorationStyle[0],this.inputProps?.style,r],onBlur:this.handleInputBlur,onFocus:e=>{this.handleInputFocus(e,2)},onInput:this.handleInput,onChange:this.handleChange,onScroll:this.handleTextAreaScroll}),null,16,me),this.showPlaceholder1?(j(),T(`div`,{class:e(`${n}-input__placeholder`),style:A([this.placeholderStyle,r]),key:`placeholder`},[v(()=>this.mergedPlaceholder[0])],6)):v(()=>null),this.autosize?(j(),L(b,{key:2,onResize:this.handleTextAreaMirrorResize},{default:()=>(j(),T(`div`,{ref:`textareaMirrorElRef`,class:e(`${n}-input__textarea-mirror`),key:`mirror`},null,2))},1032,[`onResize`])):v(()=>null)],64)}},1032,[`class`,`container`,`theme`,`themeOverrides`])):(j(),T(`div`,{key:1,class:e(`${n}-input__input`)},[M(`input`,E({type:a===`password`&&this.mergedShowPasswordOn&&this.passwordVisible?`text`:a},this.inputProps,{ref:`inputElRef`,class:[`${n}-input__input-el`,this.inputProps?.class],style:[this.textDecorationStyle[0],this.inputProps?.style],tabindex:this.passivelyActivated&&!this.activated?-1:this.inputProps?.tabindex,placeholder:this.mergedPlaceholder[0],disabled:this.mergedDisabled,maxlength:o?void 0:this.maxlength,minlength:o?void 0:this.minlength,value:Array.isArray(this.mergedValue)?this.mergedValue[0]:this.mergedValue,readonly:this.readonly,autofocus:this.autofocus,size:this.attrSize,onBlur:this.handleInputBlur,onFocus:e=>{this.handleInputFocus(e,0)},onInput:e=>{this.handleInput(e,0)},onChange:e=>{this.handleChange(e,0)}}),null,16,he),this.showPlaceholder1?(j(),T(`div`,{key:0,class:e(`${n}-input__placeholder`)},[M(`span`,null,[v(()=>this.mergedPlaceholder[0])])],2)):v(()=>null),this.autosize?(j(),T(`div`,{class:e(`${n}-input__input-mirror`),key:`mirror`,ref:`inputMirrorElRef`},`\xA0`,2)):v(()=>null)],2)),v(()=>!this.pair&&t(u.suffix,r=>r||this.clearable||this.showCount||this.mergedShowPasswordOn||this.loading!==void 0?(j(),T(`div`,{key:1,class:e(`${n}-input__suffix`)},[v(()=>[t(u[`clear-icon-placeholder`],e=>(this.clearable||e)&&(j(),L(C,{clsPrefix:n,show:this.showClearButton,onClear:this.handleClear},{placeholder:()=>e,icon:()=>this.$slots[`clear-icon`]?.()},1032,[`clsPrefix`,`show`,`onClear`]))),this.internalLoadingBeforeSuffix?null:r,this.loading===void 0?null:(j(),L(w,{key:2,clsPrefix:n,loading:this.loading,showArrow:!1,showClear:!1,style:A(this.cssVars)},null,8,[`clsPrefix`,`loading`,`style`])),this.internalLoadingBeforeSuffix?r:null,this.showCount&&this.type!==`textarea`?(j(),L(G,{key:3},{default:e=>{let{renderCount:t}=this;return t?t(e):u.count?.(e)}},1024)):null,this.mergedShowPasswordOn&&this.type===`password`?(j(),T(`div`,{key:4,class:e(`${n}-input__eye`),onMousedown:this.handlePasswordToggleMousedown,onClick:this.handlePasswordToggleClick},[this.passwordVisible?(j(),T(P,{key:0},[v(()=>l(u[`password-visible-icon`],()=>[(j(),L(s,{clsPrefix:n},{default:()=>(j(),L(B))},1032,[`clsPrefix`]))]))],64)):(j(),T(P,{key:1},[v(()=>l(u[`password-invisible-icon`],()=>[(j(),L(s,{clsPrefix:n},{default:()=>(j(),L(V))},1032,[`clsPrefix`]))]))],64))],42,K)):null])],2)):null))],2),this.pair?(j(),T(`span`,{key:0,class:e(`${n}-input__separator`)},[v(()=>l(u.separator,()=>[this.separator]))],2)):v(()=>null),this.pair?(j(),T(`div`,{key:2,class:e(`${n}-input-wrapper`)},[M(`div`,{class:e(`${n}-input__input`)},[M(`input`,{ref:`inputEl2Ref`,type:this.type,class:e(`${n}-input__input-el`),tabindex:this.passivelyActivated&&!this.activated?-1:void 0,placeholder:this.mergedPlaceholder[1],disabled:this.mergedDisabled,maxlength:o?void 0:this.maxlength,minlength:o?void 0:this.minlength,value:Array.isArray(this.mergedValue)?this.mergedValue[1]:void 0,readonly:this.readonly,style:A(this.textDecorationStyle[1]),onBlur:this.handleInputBlur,onFocus:e=>{this.handleInputFocus(e,1)},onInput:e=>{this.handleInput(e,1)},onChange:e=>{this.handleChange(e,1)}},null,46,ge),this.showPlaceholder2?(j(),T(`div`,{key:0,class:e(`${n}-input__placeholder`)},[M(`span`,null,[v(()=>this.mergedPlaceholder[1])])],2)):v(()=>null)],2),v(()=>t(u.suffix,t=>(this.clearable||t)&&(j(),T(`div`,{class:e(`${n}-input__suffix`)},[v(()=>[this.clearable&&(j(),L(C,{clsPrefix:n,show:this.showClearButton,onClear:this.handleClear},{icon:()=>u[`clear-icon`]?.(),placeholder:()=>u[`clear-icon-placeholder`]?.()},1032,[`clsPrefix`,`show`,`onClear`])),t])],2))))],2)):v(()=>null),this.mergedBordered?(j(),T(`div`,{key:4,class:e(`${n}-input__border`)},null,2)):v(()=>null),this.mergedBordered?(j(),T(`div`,{key:6,class:e(`${n}-input__state-border`)},null,2)):v(()=>null),this.showCount&&a===`textarea`?(j(),L(G,{key:8},{default:e=>{let{renderCount:t}=this;return t?t(e):u.count?.(e)}},1024)):v(()=>null)],46,q)}});export{_e as t};