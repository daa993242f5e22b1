using System.Net;
using System.Text;
using Blackwall.Tarpit.Http.Face;
using Blackwall.Tarpit.World;

namespace Blackwall.Tarpit.Http.Bait;

/// <summary>phpinfo(), with the facts of the machine.</summary>
internal sealed class PhpInfoPage(ServerFace face, Website site) : IHttpPersona
{
    private const string Version = "8.3.6";

    public ValueTask<HttpAnswer> AnswerAsync(HttpExchange exchange, CancellationToken cancellation)
    {
        HttpRequest request = exchange.Request;
        Machine machine = site.Machine;
        StringBuilder page = new();
        page.Append($"<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 Transitional//EN\" \"DTD/xhtml1-transitional.dtd\">\n<html xmlns=\"http://www.w3.org/1999/xhtml\"><head>\n<style type=\"text/css\">\nbody {{background-color: #fff; color: #222; font-family: sans-serif;}}\n</style>\n<title>PHP {Version} - phpinfo()</title><meta name=\"ROBOTS\" content=\"NOINDEX,NOFOLLOW,NOARCHIVE\" /></head>\n<body><div class=\"center\">\n<table>\n<tr class=\"h\"><td>\n<h1 class=\"p\">PHP Version {Version}</h1>\n</td></tr>\n</table>\n");
        Table(page, null,
            ("System", $"Linux {machine.HostName} {machine.Kernel} {machine.KernelBuild} x86_64"), ("Build Date", "Aug 14 2024 13:20:46"), ("Build System", "Linux"), ("Server API", "Apache 2.0 Handler"),
            ("Virtual Directory Support", "disabled"), ("Configuration File (php.ini) Path", "/etc/php/8.3/apache2"), ("Loaded Configuration File", "/etc/php/8.3/apache2/php.ini"),
            ("Scan this dir for additional .ini files", "/etc/php/8.3/apache2/conf.d"), ("PHP API", "20230831"), ("PHP Extension", "20230831"), ("Zend Extension", "420230831"), ("Debug Build", "no"), ("Thread Safety", "disabled"));
        Table(page, "apache2handler", ("Apache Version", face.Software), ("Apache API Version", "20120211"), ("Server Administrator", "webmaster@localhost"), ("Hostname:Port", $"{face.Name}:{request.Destination.Port}"), ("User/Group", "www-data(33)/33"), ("Max Requests", "Per Child: 0 - Keep Alive: on - Max Per Connection: 100"), ("Server Root", "/etc/apache2"));
        Table(page, "Core", ("allow_url_fopen", "On"), ("disable_functions", "no value"), ("display_errors", "Off"), ("expose_php", "Off"), ("file_uploads", "On"), ("max_execution_time", "30"), ("memory_limit", "128M"), ("open_basedir", "no value"), ("post_max_size", "8M"), ("upload_max_filesize", "2M"));
        Table(page, "mysqli", ("MysqlI Support", "enabled"), ("Client API library version", $"mysqlnd {Version}"));
        Table(page, "PHP Variables",
            ("$_SERVER['HTTP_HOST']", request.Authority), ("$_SERVER['SERVER_SOFTWARE']", face.Software), ("$_SERVER['SERVER_ADDR']", request.Destination.Address.ToString()), ("$_SERVER['REMOTE_ADDR']", request.Remote.Address.ToString()),
            ("$_SERVER['DOCUMENT_ROOT']", "/var/www/html"), ("$_SERVER['SCRIPT_FILENAME']", "/var/www/html/phpinfo.php"), ("$_SERVER['REQUEST_METHOD']", request.Method), ("$_SERVER['HTTP_USER_AGENT']", request.Head["User-Agent"] ?? ""));
        return new(HttpAnswer.Page(page.Append("</div></body></html>").ToString()));
    }

    private static void Table(StringBuilder page, string? name, params (string Name, string Value)[] rows)
    {
        page.Append(name is null ? "" : $"<h2><a name=\"module_{name.ToLowerInvariant()}\">{name}</a></h2>\n").Append("<table>\n");
        foreach ((string key, string value) in rows)
        {
            page.Append($"<tr><td class=\"e\">{key} </td><td class=\"v\">{WebUtility.HtmlEncode(value)} </td></tr>\n");
        }

        page.Append("</table>\n");
    }
}
