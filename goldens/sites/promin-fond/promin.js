document.querySelectorAll('.give-amount').forEach(function(b){b.addEventListener('click',function(){
var link=b.closest('.give-box').querySelector('a');var u=new URL(link.href);
u.searchParams.set('amount',b.dataset.amount||'');link.href=u.toString();
b.parentNode.querySelectorAll('.give-amount').forEach(function(x){x.classList.toggle('is-chosen',x===b)});});});
document.querySelectorAll('.cmplz-btn').forEach(function(b,i){b.onclick=function(){localStorage.setItem('cmplz',i?'functional':'statistics');b.parentNode.remove()}});
