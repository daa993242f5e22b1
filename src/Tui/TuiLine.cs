using System.Net;

namespace Blackwall.Tui;

/// <summary>What the operator typed after "tui", completed by the environment.</summary>
/// <param name="Api">Where the control plane is.</param>
/// <param name="KeyFile">File with the key; null: the environment holds the key itself.</param>
/// <param name="Key">The key of the environment.</param>
/// <param name="CaFile">Certificates of the authorities that https is trusted by; null: the system's.</param>
/// <param name="Colour">Whether to use colours.</param>
internal sealed record TuiLine(Uri Api, string? KeyFile, string? Key, string? CaFile, bool Colour)
{
    public const string Usage = """
        usage: blackwall tui [--api URL] [--key-file FILE] [--ca-file FILE] [--no-colour]
        The console: what the wall does, as it does it, and the hand on it. Everything works by keyboard and by mouse;
        '?' shows the keys. It speaks to the API alone, so it also works over the network, with https and a key.

          --api URL        where the control plane is (http://127.0.0.1:9470); in clear only to this machine itself
          --key-file FILE  file with the key (/var/lib/blackwall/admin.key)
          --ca-file FILE   certificates (PEM) of the authorities that https is trusted by, in place of the system's
          --no-colour      bold and reverse in place of colours; so does NO_COLOR in the environment

        Environment: BLACKWALL_API for --api, BLACKWALL_KEY for the key itself, BLACKWALL_CA_FILE for --ca-file; options win.
        exit codes: 0 ended by the operator; 64 not understood, or no terminal; 77 the key cannot be read
        """;

    private const string DefaultApi = "http://127.0.0.1:9470";
    private const string DefaultKeyFile = "/var/lib/blackwall/admin.key";
    private const int LongestKey = 256;

    /// <summary>Null: the error is one sentence.</summary>
    public static TuiLine? TryParse(IReadOnlyList<string> arguments, Func<string, string?> environment, out string? error)
    {
        (string? api, string? keyFile, string? caFile, bool colour) = (null, null, environment("BLACKWALL_CA_FILE") is { Length: > 0 } trusted ? trusted : null, string.IsNullOrEmpty(environment("NO_COLOR")));
        for (int i = 0; i < arguments.Count; i++)
        {
            if (arguments[i] is "--no-colour" or "--no-color")
            {
                colour = false;
                continue;
            }

            string[] parts = arguments[i].Split('=', 2);
            if (parts[0] is not ("--api" or "--key-file" or "--ca-file"))
            {
                error = $"{parts[0]} is not an option of 'tui'.";
                return null;
            }

            if (parts.Length == 1 && i + 1 == arguments.Count)
            {
                error = $"{parts[0]} needs a value.";
                return null;
            }

            string value = parts.Length == 2 ? parts[1] : arguments[++i];
            (api, keyFile, caFile) = parts[0] switch
            {
                "--api" => (value, keyFile, caFile),
                "--key-file" => (api, value, caFile),
                _ => (api, keyFile, value),
            };
        }

        string name = api is null && environment("BLACKWALL_API") is { Length: > 0 } ? "BLACKWALL_API" : "--api";
        string place = api ?? (environment("BLACKWALL_API") is { Length: > 0 } set ? set : DefaultApi);
        string? key = keyFile is null && environment("BLACKWALL_KEY") is { Length: > 0 } given ? given.Trim() : null;
        error = Misplaced(name, place, out Uri? where);
        return error is null ? new TuiLine(where!, key is null ? keyFile ?? DefaultKeyFile : null, key, caFile, colour) : null;
    }

    /// <summary>The key; null: the error is one sentence.</summary>
    public string? ReadKey(out string? error)
    {
        string key;
        try
        {
            key = Key ?? File.ReadAllText(KeyFile!).Trim();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            error = $"The key cannot be read ({failure.Message.TrimEnd('.')}); be root, or name another file with --key-file.";
            return null;
        }

        bool good = key.Length is > 0 and <= LongestKey && key.All(c => c is > ' ' and < '\x7f');
        error = good ? null : $"{KeyFile ?? "BLACKWALL_KEY"} holds no key.";
        return good ? key : null;
    }

    private static string? Misplaced(string name, string place, out Uri? api)
    {
        if (!Uri.TryCreate(place, UriKind.Absolute, out api) || api.Scheme is not ("http" or "https") || api.PathAndQuery is not "/" || api.UserInfo.Length > 0)
        {
            return $"{name} {place}: write http://ADDRESS:PORT or https://ADDRESS:PORT.";
        }

        bool loopback = api.Host is "localhost" || (IPAddress.TryParse(api.Host.Trim('[', ']'), out IPAddress? address) && IPAddress.IsLoopback(address));
        return api.Scheme is "http" && !loopback ? $"{name} {place} would send the key in clear over a network; use https://." : null;
    }
}
