$(function () {
	$('.tabbladen a').click(function (e) {
		e.preventDefault();
		$('.tabbladen li').removeClass('aan');
		$(this).parent().addClass('aan');
		$('.tabblad').hide().filter($(this).attr('href')).show();
	});
	$('#koekjes a').click(function () {
		document.cookie = 'fs_koekjes=' + $(this).data('ja') + '; path=/; max-age=31536000';
		$('#koekjes').remove();
		return false;
	});
});
function meetKlik(lijst, wat, plek) { if (window.fsMeet) { fsMeet.push([lijst, wat, plek]); } }
