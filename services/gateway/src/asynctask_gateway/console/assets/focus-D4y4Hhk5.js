import{C as t}from"./_plugin-vue_export-helper-DqtZfUaJ.js";const e={mounted:(o,{value:s})=>{t(()=>s!==!1&&o.focus())}};export{e as v};
