document.addEventListener("click",e=>{const s=e.target.closest("[data-seek]");if(!s)return;e.preventDefault();const[m,x]=s.dataset.seek.split(":").map(Number);
document.querySelector("nf-player").dispatchEvent(new CustomEvent("seek",{detail:m*60+x}))});
document.querySelectorAll(".crumbs-choice button").forEach((b,i)=>b.addEventListener("click",()=>{localStorage.nfShop=i?"later":"ok";b.parentNode.remove()}));
