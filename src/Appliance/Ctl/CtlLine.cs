using System.Globalization;
using System.Net;

namespace Blackwall.Ctl;

/// <summary>What the operator typed after "ctl".</summary>
/// <param name="Verb">One of <see cref="Verbs"/>.</param>
/// <param name="Subject">Address, scope or id; empty for verbs without one.</param>
/// <param name="Api">Where the control plane is.</param>
/// <param name="KeyFile">File with the key.</param>
/// <param name="Socket">Local socket to try first; null: the API is named by address or key.</param>
/// <param name="Json">Whether to print the API's JSON in place of text.</param>
/// <param name="Options">The other options that were given, by name.</param>
internal sealed record CtlLine(string Verb, string Subject, Uri Api, string KeyFile, string? Socket, bool Json, IReadOnlyDictionary<string, string> Options)
{
    public const string Usage = """
        usage: ./blackwall ctl VERB [--json] [--socket PATH] [--api URL] [--key-file FILE]

          status                    what the wall is, whether all is well, what is decided and counted
          why ADDRESS               what happens to packets of an address, and why
          block SCOPE               drop an address or prefix: [--ttl 1h] [--reason WORD] [--comment TEXT]
          allow SCOPE               let an address or prefix in, whatever else is decided; the same options, and
                                    [--force] for more than a /8 of IPv4 or a /19 of IPv6
          lift ID                   take a decision away
          enforce                   let the wall act, on trial: confirm in time or it goes back: [--within 60s]
          observe                   let the wall only count, in the same way
          propose FILE              count a change (JSON; - is standard input) against live traffic before it acts
          changes                   changes and how they stand
          apply ID                  bring a proposed change into force on trial: [--within 60s]
          confirm ID                keep a change that is on trial
          revert ID                 take a change back now
          rules                     the operator's own decisions: [--verdict V] [--limit N] [--cursor C]
          decisions                 everything decided: also [--origin O] [--scope S] [--contains S]
          events                    what happens, as it happens, until Ctrl-C: [--count N]
          stats                     every counter
          audit                     who changed what, or was refused: [--actor A] [--action A] [--refused true] [--since T]
          verify                    whether the audit log is as it was written
          keys                      who may do what
          captures                  captured packets: [--address A] [--decision ID] [--limit N] [--cursor C]
          capture ADDRESS           capture the packets of an address or prefix: [--seconds N]
          capture-file ID           the packets of a capture as pcapng, to standard output: > FILE
          sessions                  what was done in the tarpit: [--source A] [--limit N] [--cursor C]
          session SESSION           what happened in one, in order: [--limit N] [--cursor C]; --follow: and what happens, until it ends
          session-terminal SESSION  its terminal as an asciicast, to standard output: > FILE

          --json           print what the API answers
          --socket PATH    the appliance's local socket (/var/lib/blackwall/api.sock), for root and its user without a key; used
                           when neither --api nor --key-file is given
          --api URL        where the control plane is (http://127.0.0.1:9470); in clear only to this machine itself
          --key-file FILE  file with the key (/var/lib/blackwall/admin.key)
          --trial TIME     with block and allow: take the rule back after this time unless it is confirmed
          --ttl TIME       45s, 10m, 1h or 7d; without it the decision stands until it is lifted

        exit codes: 0 done; 1 the appliance refused or failed, standard error says why; 64 not understood;
        69 the appliance cannot be reached; 77 the key cannot be read or is not accepted
        """;

    /// <summary>Options that say which appliance is meant.</summary>
    private static readonly string[] Connection = ["--socket", "--api", "--key-file"];

    private const string DefaultApi = "http://127.0.0.1:9470";
    private const string DefaultSocket = "/var/lib/blackwall/api.sock";
    private const string DefaultKeyFile = "/var/lib/blackwall/admin.key";

    /// <summary>Each verb with what it is about (null: nothing) and its own options.</summary>
    private static readonly Dictionary<string, (string? Subject, string[] Options)> Verbs = new(StringComparer.Ordinal)
    {
        ["status"] = (null, []),
        ["why"] = ("ADDRESS", []),
        ["block"] = ("SCOPE", ["--ttl", "--reason", "--comment", "--trial"]),
        ["allow"] = ("SCOPE", ["--ttl", "--reason", "--comment", "--trial", "--force"]),
        ["lift"] = ("ID", []),
        ["enforce"] = (null, ["--within", "--comment"]),
        ["observe"] = (null, ["--within", "--comment"]),
        ["propose"] = ("FILE", []),
        ["changes"] = (null, []),
        ["apply"] = ("ID", ["--within"]),
        ["confirm"] = ("ID", []),
        ["revert"] = ("ID", []),
        ["rules"] = (null, ["--verdict", "--limit", "--cursor"]),
        ["decisions"] = (null, ["--verdict", "--limit", "--cursor", "--origin", "--scope", "--contains"]),
        ["events"] = (null, ["--count"]),
        ["stats"] = (null, []),
        ["audit"] = (null, ["--actor", "--action", "--refused", "--since", "--limit", "--cursor"]),
        ["verify"] = (null, []),
        ["keys"] = (null, []),
        ["captures"] = (null, ["--address", "--decision", "--limit", "--cursor"]),
        ["capture"] = ("ADDRESS", ["--seconds"]),
        ["capture-file"] = ("ID", []),
        ["sessions"] = (null, ["--source", "--limit", "--cursor"]),
        ["session"] = ("SESSION", ["--follow", "--limit", "--cursor"]),
        ["session-terminal"] = ("SESSION", []),
    };

    /// <summary>Every verb, by name.</summary>
    public static IEnumerable<string> Names => Verbs.Keys;

    /// <summary>The lines of <see cref="Usage"/> about one verb and the options of all; null: there is no such verb.</summary>
    public static string? UsageOf(string verb)
    {
        if (!Verbs.TryGetValue(verb, out (string? Subject, string[] Options) known))
        {
            return null;
        }

        string[] lines = Usage.Split('\n');
        string start = $"  {verb} ";
        IEnumerable<string> about = lines
            .SkipWhile(line => !line.StartsWith(start, StringComparison.Ordinal))
            .TakeWhile((line, index) => index == 0 || line.StartsWith("     ", StringComparison.Ordinal));
        IEnumerable<string> common = lines.SkipWhile(line => !line.StartsWith("  --json", StringComparison.Ordinal)).TakeWhile(line => line.Length > 0);
        string own = string.Concat(known.Options.Select(option => option is "--force" or "--follow" ? $" [{option}]" : $" [{option} {option[2..].ToUpperInvariant()}]"));
        return $"usage: ./blackwall ctl {verb}{(known.Subject is null ? "" : $" {known.Subject}")}{own} [--json] [--socket PATH] [--api URL] [--key-file FILE]\n\n{string.Join('\n', about)}\n\n{string.Join('\n', common)}";
    }

    /// <summary>What a sentence about a misspelled verb adds: the known verb that needs the fewest changes, when they are few.</summary>
    private static string Nearest(string word) =>
        Blackwall.Pipeline.Model.NearestName.Find(word, Verbs.Keys) is { } near ? $"; did you mean '{near}'?" : "";

    /// <summary>Null: the error is one sentence.</summary>
    public static CtlLine? TryParse(IReadOnlyList<string> arguments, out string? error)
    {
        List<string> words = [];
        Dictionary<string, string> options = new(StringComparer.Ordinal);
        bool json = false;
        for (int i = 0; i < arguments.Count; i++)
        {
            string argument = arguments[i];
            if (string.Equals(argument, "--json", StringComparison.Ordinal))
            {
                json = true;
            }
            else if (argument is "--force" or "--follow")
            {
                options[argument] = "true";
            }
            else if (!argument.StartsWith("--", StringComparison.Ordinal))
            {
                words.Add(argument);
            }
            else
            {
                int equals = argument.IndexOf('=', StringComparison.Ordinal);
                if (equals < 0 && i + 1 == arguments.Count)
                {
                    error = $"{argument} needs a value, or is not an option.";
                    return null;
                }

                options[equals < 0 ? argument : argument[..equals]] = equals < 0 ? arguments[++i] : argument[(equals + 1)..];
            }
        }

        error = Misunderstood(words, options, out Uri? api);
        return error is null
            ? new CtlLine(words[0], words.ElementAtOrDefault(1) ?? "", api!, options.GetValueOrDefault("--key-file", DefaultKeyFile), SocketOf(options), json, options)
            : null;
    }

    /// <summary>The time to live in seconds; null: none was given.</summary>
    public long? TtlSeconds => Seconds("--ttl");

    /// <summary>How long a change is tried, seconds; null: none was given.</summary>
    public long? TrialSeconds => Seconds("--trial") ?? Seconds("--within");

    /// <summary>How long to capture; null: as long as the appliance thinks right.</summary>
    public int? CaptureSeconds => Options.TryGetValue("--seconds", out string? text) ? int.Parse(text, CultureInfo.InvariantCulture) : null;

    /// <summary>After how many events to end; null: never.</summary>
    public int? Count => Options.TryGetValue("--count", out string? text) ? int.Parse(text, CultureInfo.InvariantCulture) : null;

    /// <summary>The subject, where that is an ID.</summary>
    public long Number => long.Parse(Subject, CultureInfo.InvariantCulture);

    /// <summary>How to call another verb of the same appliance.</summary>
    public string Again(string verb) =>
        $"./blackwall ctl{string.Concat(Connection.Where(Options.ContainsKey).Select(name => $" {name} {Options[name]}"))} {verb}";

    private long? Seconds(string option) => Options.TryGetValue(option, out string? text) && TryTime(text, out long seconds) ? seconds : null;

    private static string? Misunderstood(List<string> words, Dictionary<string, string> options, out Uri? api)
    {
        api = null;
        if (words.Count == 0)
        {
            return "A verb is missing.";
        }

        if (!Verbs.TryGetValue(words[0], out (string? Subject, string[] Options) verb))
        {
            return $"Unknown verb '{words[0]}'{Nearest(words[0])}.";
        }

        if (words.Count != (verb.Subject is null ? 1 : 2))
        {
            return verb.Subject is null ? $"'{words[0]}' takes no argument." : $"'{words[0]}' needs one {verb.Subject}.";
        }

        if (options.Keys.FirstOrDefault(name => name is not ("--api" or "--key-file" or "--socket") && !verb.Options.Contains(name, StringComparer.Ordinal)) is { } unknown)
        {
            return $"{unknown} is not an option of '{words[0]}'.";
        }

        if (verb.Subject is "ID" && !long.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out _))
        {
            return $"'{words[1]}' is not an id, which is a number.";
        }

        foreach (string name in new[] { "--ttl", "--trial", "--within" })
        {
            if (options.TryGetValue(name, out string? time) && !TryTime(time, out _))
            {
                return $"{name} {time}: write 45s, 10m, 1h or 7d.";
            }
        }

        foreach (string name in new[] { "--count", "--seconds" })
        {
            if (options.TryGetValue(name, out string? count) && !(int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0))
            {
                return $"{name} {count}: a whole number above 0.";
            }
        }

        string place = options.GetValueOrDefault("--api", DefaultApi);
        if (!Uri.TryCreate(place, UriKind.Absolute, out api) || api.Scheme is not ("http" or "https") || api.PathAndQuery is not "/")
        {
            return $"--api {place}: write http://ADDRESS:PORT or https://ADDRESS:PORT.";
        }

        return api.Scheme is "http" && !IsLoopback(api)
            ? $"--api {place} would send the key in clear over a network; use https://."
            : null;
    }

    // Whoever names an address or a key means that one.
    private static string? SocketOf(Dictionary<string, string> options) =>
        options.TryGetValue("--socket", out string? named) ? named
        : options.ContainsKey("--api") || options.ContainsKey("--key-file") ? null
        : DefaultSocket;

    private static bool IsLoopback(Uri api) =>
        api.Host is "localhost" || (IPAddress.TryParse(api.Host.Trim('[', ']'), out IPAddress? address) && IPAddress.IsLoopback(address));

    private static bool TryTime(string text, out long seconds)
    {
        seconds = 0;
        long unit = text.Length < 2 ? 0 : text[^1] switch
        {
            's' => 1,
            'm' => 60,
            'h' => 3600,
            'd' => 86_400,
            _ => 0,
        };
        if (unit == 0 || !int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out int number) || number == 0)
        {
            return false;
        }

        seconds = number * unit;
        return true;
    }
}
