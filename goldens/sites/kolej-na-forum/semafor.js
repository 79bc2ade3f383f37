(function ($) {
	$('.dropdown-trigger').each(function () {
		var box = $(this).parent();
		$(this).click(function (e) { e.preventDefault(); box.toggleClass('dropdown-visible').find('.dropdown').toggle(); });
	});
	$('#ciasteczka a').click(function () { document.cookie = 'knf_ok=1; max-age=31536000'; $('#ciasteczka').hide(); return false; });
	$('.codebox p a').click(function () { var r = document.createRange(); r.selectNodeContents($(this).closest('.codebox').find('code')[0]); getSelection().addRange(r); return false; });
})(jQuery);
