using System.Globalization;
using System.Text;

namespace Blackwall.Tarpit.Shell.Connections;

/// <summary>What curl tells about a transfer.</summary>
internal static class CurlReport
{
    private const string Title = "  % Total    % Received % Xferd  Average Speed   Time    Time     Time  Current\n                                 Dload  Upload   Total   Spent    Left  Speed\n";

    /// <summary>The progress meter of a transfer: a line each second until it failed, or one for what came at once.</summary>
    /// <param name="received">Bytes; null: it failed.</param>
    public static string Meter(TimeSpan waited, int? received) => Begin + End(waited, received);

    /// <summary>Before anything came.</summary>
    public const string Begin = Title + "\r  0     0    0     0    0     0      0      0 --:--:-- --:--:-- --:--:--     0";

    /// <summary>What follows it.</summary>
    public static string End(TimeSpan waited, int? received)
    {
        StringBuilder text = new();
        for (int second = 1; second <= (int)waited.TotalSeconds; second++)
        {
            text.Append(CultureInfo.InvariantCulture, $"\r  0     0    0     0    0     0      0      0 --:--:-- {second / 3600,2}:{second / 60 % 60:00}:{second % 60:00} --:--:--     0");
        }

        if (received is { } bytes)
        {
            string size = Short(bytes), speed = Short(bytes * 400L);
            text.Append(CultureInfo.InvariantCulture, $"\r100 {size,5}  100 {size,5}    0     0 {speed,6}      0 --:--:-- --:--:-- --:--:-- {speed,5}");
        }

        return text.Append('\n').ToString();
    }

    private static string Short(long bytes) => bytes < 100_000 ? bytes.ToString(CultureInfo.InvariantCulture) : bytes < 10_000 << 10 ? string.Create(CultureInfo.InvariantCulture, $"{bytes >> 10}k") : string.Create(CultureInfo.InvariantCulture, $"{bytes / 1048576.0:0.0}M");

    /// <summary>--write-out.</summary>
    public static string Format(string format, WebAddress address, WebAnswer answer, int redirects, int code)
    {
        StringBuilder text = new();
        for (int at = 0; at < format.Length; at++)
        {
            int end;
            if (format[at] == '%' && at + 1 < format.Length && format[at + 1] == '{' && (end = format.IndexOf('}', at)) > 0)
            {
                text.Append(Value(format[(at + 2)..end], address, answer, redirects, code));
                at = end;
            }
            else if (format[at] == '\\' && at + 1 < format.Length)
            {
                text.Append(format[++at] switch { 'n' => "\n", 't' => "\t", 'r' => "\r", var other => "\\" + other });
            }
            else if (format[at] == '%' && at + 1 < format.Length && format[at + 1] == '%')
            {
                text.Append(format[at++]);
            }
            else
            {
                text.Append(format[at]);
            }
        }

        return text.ToString();
    }

    private static string Value(string name, WebAddress address, WebAnswer answer, int redirects, int code) => name switch
    {
        "http_code" or "response_code" => string.Create(CultureInfo.InvariantCulture, $"{answer.Status ?? 0:000}"),
        "size_download" => answer.Body.Length.ToString(CultureInfo.InvariantCulture),
        "size_header" => answer.Head.Length.ToString(CultureInfo.InvariantCulture),
        "num_redirects" => redirects.ToString(CultureInfo.InvariantCulture),
        "num_connects" => answer.Status is null ? "0" : "1",
        "content_type" => answer.Field("Content-Type") ?? "",
        "redirect_url" => answer.Field("Location") is { } location ? address.Follow(location)?.Url ?? "" : "",
        "url" or "url_effective" => address.Url,
        "scheme" => address.Scheme.ToUpperInvariant(),
        "remote_port" => address.Port.ToString(CultureInfo.InvariantCulture),
        "remote_ip" when answer.Status is null => "",
        "remote_ip" => address.Host is "localhost" ? "127.0.0.1" : address.Host.Trim('[', ']'),
        "http_version" => "1.1",
        "exitcode" => code.ToString(CultureInfo.InvariantCulture),
        "ssl_verify_result" => "0",
        "time_namelookup" or "time_connect" or "time_pretransfer" => "0.000214",
        "time_starttransfer" or "time_total" when answer.Status is null => "0.000000",
        "time_starttransfer" or "time_total" => string.Create(CultureInfo.InvariantCulture, $"0.00{2000 + (answer.Body.Length % 7000)}"),
        _ => "",
    };
}
