using System.CommandLine;
using Blackwall.Cli.Parsing;

namespace Blackwall.Cli.Connection;

/// <summary>The options of every verb that speaks to an appliance.</summary>
internal sealed class ConnectionOptions
{
    private readonly Option<string?> _socket = Opt.Text("--socket", "PATH", $"the appliance's local socket ({ConnectionChoice.DefaultSocket}), for root and its user without a key; used when nothing else is named");
    private readonly Option<string?> _api = Opt.Text("--api", "URL", $"where the control plane is ({ConnectionChoice.DefaultApi}), also BLACKWALL_API; http only to this machine itself");
    private readonly Option<string?> _keyFile = Opt.Text("--key-file", "FILE", $"file with the key ({ConnectionChoice.DefaultKeyFile}); BLACKWALL_KEY holds the key itself");
    private readonly Option<string?> _caFile = Opt.Text("--ca-file", "FILE", "certificates (PEM) of the authorities that https is trusted by, in place of the system's; also BLACKWALL_CA_FILE");
    private readonly Option<bool> _json = Opt.Flag("--json", "print what the API answers");

    /// <summary>Names of options that say which appliance is meant.</summary>
    public static IReadOnlyList<string> Names { get; } = ["--socket", "--api", "--key-file", "--ca-file", "--json"];

    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { _json, _socket, _api, _keyFile, _caFile })
        {
            option.Recursive = true;
            command.Options.Add(option);
        }
    }

    public bool Json(ParseResult line) => line.GetValue(_json);

    /// <summary>" --api URL", as this command line names the appliance; for hints about what to type next.</summary>
    public string Typed(ParseResult line) => string.Concat(new[] { _socket, _api, _keyFile, _caFile }
        .Where(option => line.GetValue(option) is not null)
        .Select(option => $" {option.Name} {line.GetValue(option)}"));

    /// <exception cref="CliException">The place is none, or would be told the key in clear.</exception>
    public ConnectionChoice Choose(ParseResult line, Func<string, string?> environment) =>
        ConnectionChoice.From(line.GetValue(_socket), line.GetValue(_api), line.GetValue(_keyFile), line.GetValue(_caFile), environment);
}
