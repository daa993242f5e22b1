using System.CommandLine;
using System.Globalization;
using Blackwall.Cli.Parsing;
using Blackwall.Client.Sinks;

namespace Blackwall.Cli.Sinks;

/// <summary>What can be said of a sink. Its secret comes from a file: a command line can be read by every user of the machine.</summary>
internal sealed class SinkOptions
{
    private readonly Option<string?> _kind = Opt.Word("--kind", "KIND", "how it takes events", "hec", "syslog", "lines", "elastic", "webhook");
    private readonly Option<string?> _url = Opt.Text("--url", "URL", "where it is: https://HOST..., udp://HOST:PORT, tcp://HOST:PORT or tls://HOST:PORT");
    private readonly Option<string?> _format = Opt.Word("--format", "FORMAT", "of what it gets; hec has its own", "cef", "leef", "ecs", "eve");
    private readonly Option<string?> _tokenFile = Opt.Text("--token-file", "FILE", "file with its token, API key or signing key; - is standard input");
    private readonly Option<string?> _authority = Opt.Text("--sink-ca-file", "FILE", "PEM of the authority that its certificate comes from; without it those of the system");
    private readonly Option<string?> _index = Opt.Text("--index", "INDEX", "index of Splunk or Elastic");
    private readonly Option<string?> _sourceType = Opt.Text("--source-type", "TYPE", "source type of Splunk (blackwall:event)");
    private readonly Option<bool> _acknowledge = Opt.Flag("--acknowledge", "Splunk confirms what it has indexed; the token must ask for it");
    private readonly Option<string?> _severity = Opt.Text("--min-severity", "N", "events below are not sent, 0 to 10 (0)");
    private readonly Option<string[]> _kinds = Opt.Texts("--event", "KIND", "send only events of this kind; several may be given");

    public SinkOptions(params Command[] commands)
    {
        foreach (Command command in commands)
        {
            foreach (Option option in new Option[] { _kind, _url, _format, _tokenFile, _authority, _index, _sourceType, _acknowledge, _severity, _kinds })
            {
                command.Options.Add(option);
            }
        }
    }

    /// <summary>A sink as the command line has it; what it does not say is as it was before, where there was one.</summary>
    /// <exception cref="CliException">A file cannot be read, or something is missing.</exception>
    public SinkDraft Read(ParseResult line, string? name, SinkDraft? before)
    {
        string kind = line.GetValue(_kind) ?? before?.Kind ?? throw Missing("--kind");
        string url = line.GetValue(_url) ?? before?.Url ?? throw Missing("--url");
        string[] kinds = line.GetRequiredValue(_kinds);
        return new SinkDraft(
            name,
            kind,
            url,
            line.GetValue(_format) ?? (string.Equals(kind, before?.Kind, StringComparison.Ordinal) ? before?.Format : null),
            before?.Enabled,
            line.GetValue(_tokenFile) is { } token ? Text(token, "token").Trim() : null,
            line.GetValue(_index) ?? before?.Index,
            line.GetValue(_sourceType) ?? before?.SourceType,
            line.GetValue(_acknowledge) ? true : before?.Acknowledge,
            Severity(line) ?? before?.MinSeverity,
            kinds.Length > 0 ? kinds : before?.Kinds,
            line.GetValue(_authority) is { } authority ? Text(authority, "certificate") : before?.CaCertificate);
    }

    private int? Severity(ParseResult line) => line.GetValue(_severity) is not { } text ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number
        : throw new CliException(CliExit.BadUsage, $"--min-severity {text}: a whole number within 0..10.");

    private static CliException Missing(string option) => new(CliExit.BadUsage, $"A sink needs {option}.");

    private static string Text(string file, string what)
    {
        try
        {
            return file is "-" ? Console.In.ReadToEnd() : File.ReadAllText(file);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new CliException(CliExit.BadUsage, $"The {what} cannot be read from {file}: {failure.Message}");
        }
    }
}
