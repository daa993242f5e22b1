using System.CommandLine;
using Blackwall.Cli.Parsing;
using Blackwall.Client.Feeds;

namespace Blackwall.Cli.Feeds;

/// <summary>What can be said of a feed. Its token comes from a file: a command line can be read by every user of the machine.</summary>
internal sealed class FeedOptions
{
    private readonly Option<string?> _url = Opt.Text("--feed-url", "URL", "where it is: https://HOST/..., http:// of this machine, or file:///PATH below the folder for feeds");
    private readonly Option<string?> _format = Opt.Word("--format", "FORMAT", "how it is written", "plain", "csv", "json", "stix", "taxii", "feodo", "sslbl", "threatfox", "urlhaus", "spamhaus", "dshield");
    private readonly Option<string?> _field = Opt.Text("--field", "NAME", "column of CSV or member of JSON that has the address");
    private readonly Option<string?> _kind = Opt.Word("--kind", "KIND", "what its addresses are", "attackers", "c2", "allow");
    private readonly Option<string?> _action = Opt.Word("--action", "ACTION", "what is done with their packets", "tell", "rate-limit", "redirect", "drop");
    private readonly Option<int?> _score = Opt.Number("--score", "N", "how sure it is, 0 to 100");
    private readonly Option<int?> _interval = Opt.Number("--interval", "SECONDS", "time between two fetches");
    private readonly Option<string[]> _reserved = Opt.Texts("--reserved", "RANGE", "a private or reserved range that it may name all the same; several may be given");
    private readonly Option<string?> _tokenFile = Opt.Text("--token-file", "FILE", "file with its token, or USER:PASSWORD; - is standard input");
    private readonly Option<string?> _header = Opt.Text("--header", "NAME", "header that carries the token (Authorization)");

    public FeedOptions(params Command[] commands)
    {
        foreach (Command command in commands)
        {
            foreach (Option option in new Option[] { _url, _format, _field, _kind, _action, _score, _interval, _reserved, _tokenFile, _header })
            {
                command.Options.Add(option);
            }
        }
    }

    /// <summary>A feed as the command line has it; what it does not say is as it was before, where there was one.</summary>
    /// <exception cref="CliException">A file cannot be read.</exception>
    public FeedDraft Read(ParseResult line, FeedDraft before)
    {
        string[] reserved = line.GetRequiredValue(_reserved);
        return before with
        {
            Url = line.GetValue(_url) ?? before.Url,
            Format = line.GetValue(_format) ?? before.Format,
            Field = line.GetValue(_field) ?? before.Field,
            Kind = line.GetValue(_kind) ?? before.Kind,
            Action = line.GetValue(_action) ?? before.Action,
            Score = line.GetValue(_score) ?? before.Score,
            IntervalSeconds = line.GetValue(_interval) ?? before.IntervalSeconds,
            Reserved = reserved.Length > 0 ? reserved : before.Reserved,
            Token = line.GetValue(_tokenFile) is { } file ? Text(file) : null,
            Header = line.GetValue(_header) ?? before.Header,
        };
    }

    private static string Text(string file)
    {
        try
        {
            return (file is "-" ? Console.In.ReadToEnd() : File.ReadAllText(file)).Trim();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new CliException(CliExit.BadUsage, $"The token cannot be read from {file}: {failure.Message}");
        }
    }
}
