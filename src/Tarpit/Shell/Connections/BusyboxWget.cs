using System.Globalization;
using System.Text;
using Blackwall.Tarpit.Recording;
using Blackwall.Tarpit.Shell.Commands;

namespace Blackwall.Tarpit.Shell.Connections;

/// <summary>wget as BusyBox 1.36 has it: fewer words than GNU's, and no attempt is repeated.</summary>
internal static class BusyboxWget
{
    private const int MostRedirects = 5;

    public static async ValueTask<int> RunAsync(Invocation i)
    {
        OptionParsing options = new(i.Arguments, "cqSO:o:P:Y:U:T:t:", new Dictionary<string, char>(StringComparer.Ordinal) { ["spider"] = 's', ["header"] = 'H', ["post-data"] = 'D', ["post-file"] = 'F', ["no-check-certificate"] = 'k', ["quiet"] = 'q', ["output-document"] = 'O', ["directory-prefix"] = 'P', ["user-agent"] = 'U', ["timeout"] = 'T', ["tries"] = 't', ["continue"] = 'c' }, isMixed: true);
        if (options.Error is { } error)
        {
            return await TellAsync(i, $"wget: {OptionParsing.Describe(error)}\n{BusyboxCommand.Usage("wget")}");
        }

        foreach (string url in options.Operands)
        {
            i.State.Log.Record(new Observation(ObservationKinds.Download) { Name = "wget", Text = url });
            int status = await FetchAsync(i, options, url);
            if (status != 0)
            {
                return status;
            }
        }

        return 0;
    }

    private static async ValueTask<int> TellAsync(Invocation i, string text, int status = 1)
    {
        await i.Streams.Error.WriteAsync(text, i.Cancellation);
        return status;
    }

    private static async ValueTask<int> FetchAsync(Invocation i, OptionParsing options, string url)
    {
        if (WebAddress.Parse(url) is not { Scheme: "http" or "https" or "ftp" } address)
        {
            return await TellAsync(i, $"wget: not an http or ftp url: {url}\n");
        }

        bool isQuiet = options.Has('q');
        for (int redirects = 0; redirects < MostRedirects; redirects++)
        {
            TimeSpan? patience = double.TryParse(options.Value('T'), NumberStyles.None, CultureInfo.InvariantCulture, out double seconds) && seconds > 0 ? TimeSpan.FromSeconds(Math.Min(seconds, 900)) : null;
            string host = address.Host.Trim('[', ']');
            Attempt attempt = await Dialer.DialAsync(i.State, host, address.Port, patience, i.Cancellation);
            if (attempt.Address is null)
            {
                return await TellAsync(i, $"wget: bad address '{host}'\n");
            }

            await (isQuiet ? ValueTask.CompletedTask : i.Streams.Error.WriteAsync(string.Create(CultureInfo.InvariantCulture, $"Connecting to {host} ({attempt.Address}:{address.Port})\n"), i.Cancellation));
            if (attempt.Stream is not { } stream)
            {
                return await TellAsync(i, attempt.Reach is Reach.TimedOut ? "wget: download timed out\n" : $"wget: can't connect to remote host ({attempt.Address}): {attempt.Error}\n");
            }

            await using (stream)
            {
                Stream? talk = address.IsEncrypted ? await WebTalk.EncryptAsync(stream, host, i.State.Turns, i.Cancellation) : stream;
                byte[] request = Encoding.Latin1.GetBytes($"GET {address.Target} HTTP/1.1\r\nHost: {address.Authority}\r\nUser-Agent: {options.Value('U') ?? "Wget"}\r\nConnection: close\r\n\r\n");
                WebAnswer? answer = talk is null ? null : await WebTalk.AskAsync(talk, request, hasBody: true, i.State.Turns, i.Cancellation);
                if (answer?.Status is not { } status)
                {
                    return await TellAsync(i, talk is null ? "wget: error getting response: Connection reset by peer\n" : "wget: error getting response\n");
                }

                if (status is >= 300 and < 400 && answer.Field("Location") is { } location && address.Follow(location) is { } next)
                {
                    address = next;
                    continue;
                }

                return status >= 400 ? await TellAsync(i, $"wget: server returned error: {answer.StatusLine}\n") : await KeepAsync(i, options, address, answer, isQuiet);
            }
        }

        return await TellAsync(i, "wget: too many redirections\n");
    }

    private static async ValueTask<int> KeepAsync(Invocation i, OptionParsing options, WebAddress address, WebAnswer answer, bool isQuiet)
    {
        if (options.Has('s'))
        {
            return isQuiet ? 0 : await TellAsync(i, "remote file exists\n", 0);
        }

        string name = options.Value('O') ?? (options.Value('P') is { } folder ? folder.TrimEnd('/') + "/" : "") + (address.FileName.Length == 0 ? "index.html" : address.FileName);
        if (name is "-")
        {
            await i.Streams.Output.WriteAsync(answer.Body, i.Cancellation);
            return isQuiet ? 0 : await TellAsync(i, $"writing to stdout\n{Bar("-", answer.Body.Length)}written to stdout\n", 0);
        }

        if (options.Value('O') is null && i.Files.Find(i.State.Path(name)) is not null)
        {
            return await TellAsync(i, $"wget: can't open '{name}': File exists\n");
        }

        return Saving.Save(i, name, answer.Body) is { } fault ? await TellAsync(i, $"wget: can't open '{name}': {fault}\n")
            : isQuiet ? 0 : await TellAsync(i, $"saving to '{name}'\n{Bar(name.Split('/')[^1], answer.Body.Length)}'{name}' saved\n", 0);
    }

    private static string Bar(string name, int bytes)
    {
        string shown = name.Length > 20 ? name[..20] : name.PadRight(20), size = bytes < 1024 * 100 ? bytes.ToString(CultureInfo.InvariantCulture) : (bytes / 1024).ToString(CultureInfo.InvariantCulture) + "k";
        return $"{shown} 100% |{new string('*', 32)}| {size,5}  0:00:00 ETA\n";
    }
}
