using System.CommandLine;
using System.Globalization;
using System.Text;
using Blackwall.Cli.Connection;
using Blackwall.Cli.Parsing;
using Blackwall.Cli.Tables;
using Blackwall.Cli.Words;
using Blackwall.Client;
using Blackwall.Client.Auditing;

namespace Blackwall.Cli.Keys;

/// <summary>"keys": who may do what; "add", "rotate" and "revoke" change it.</summary>
internal sealed class KeysVerb : ApiVerb
{
    private readonly Argument<string> _name = Arg.Text("NAME", "who holds it; stands beside all that is done with it");
    private readonly Option<string?> _role = Opt.Word("--role", "ROLE", "what it may do, as a role", "viewer", "operator", "siem", "admin");
    private readonly Option<string[]> _scopes = Opt.Texts("--scope", "SCOPE", "what it may do, as a scope; several may be given");
    private readonly Option<string[]> _networks = Opt.Texts("--network", "PREFIX", "from where it may be used; several may be given; without it, from anywhere");
    private readonly Option<long?> _ttl = Opt.DurationOrNever("--ttl", "how long it is good; without it, or with never, until it is revoked");
    private readonly Argument<string> _rotated = Arg.Text("KEY", "id or name");
    private readonly Argument<string> _revoked = Arg.Text("KEY", "id or name");

    public KeysVerb(Shell shell)
        : base(shell, "keys", "who may do what; keys add, rotate and revoke", VerbGroup.Records)
    {
        Command add = Below("add", "make a key; its secret is printed this once, to standard output", AddAsync);
        add.Arguments.Add(_name);
        foreach (Option option in new Option[] { _role, _scopes, _networks, _ttl })
        {
            add.Options.Add(option);
        }

        Below("rotate", "give a key a new secret, printed this once; the old one is worth nothing from then on", call => RotateAsync(call)).Arguments.Add(_rotated);
        Below("revoke", "delete a key", RevokeAsync).Arguments.Add(_revoked);
    }

    protected override Task RunAsync(ApiCall call) => call.ShowAsync(call.Api.Audit.KeysAsync(call.Cancellation), list =>
    {
        Table table = new("ID", "NAME", "LEAD", "SCOPES", "NETWORKS", "UNTIL", "LAST USED");
        foreach (Key key in list.Items)
        {
            table.Add(
                ApiCall.Number(key.Id),
                key.Name,
                key.Lead,
                string.Join(' ', key.Scopes),
                key.Networks.Count == 0 ? "anywhere" : string.Join(' ', key.Networks),
                Moment.Until(key.Expiry, call.Now),
                Moment.Ago(key.LastUsed, call.Now, "never"));
        }

        call.Print(table);
    });

    private async Task AddAsync(ApiCall call)
    {
        string[] scopes = call.Line.GetRequiredValue(_scopes), networks = call.Line.GetRequiredValue(_networks);
        if (scopes.Length == 0 && call.Line.GetValue(_role) is null)
        {
            throw new CliException(CliExit.BadUsage, "'keys add' needs --role or --scope: what may the key do?");
        }

        DateTimeOffset? end = call.Line.GetValue(_ttl) is > 0 and { } seconds ? call.Now.AddSeconds(seconds) : null;
        KeyDraft draft = new(call.Line.GetRequiredValue(_name), scopes.Length == 0 ? null : scopes, call.Line.GetValue(_role), end, networks.Length == 0 ? null : networks);
        Tell(call, await call.Api.Audit.AddKeyAsync(draft, call.Cancellation).Must());
    }

    private async Task RotateAsync(ApiCall call) =>
        Tell(call, await call.Api.Audit.RotateKeyAsync((await FindAsync(call, call.Line.GetRequiredValue(_rotated))).Id, call.Cancellation).Must());

    private async Task RevokeAsync(ApiCall call)
    {
        Key key = await FindAsync(call, call.Line.GetRequiredValue(_revoked));
        await call.Api.Audit.RevokeKeyAsync(key.Id, call.Cancellation).Must();
        if (!call.Json)
        {
            call.Say($"Revoked the key '{key.Name}' (id {ApiCall.Number(key.Id)}).");
        }
    }

    // The secret alone on standard output, so that "> FILE" makes a key file of it.
    private static void Tell(ApiCall call, Answer<NewKey> made)
    {
        if (call.Json)
        {
            call.Output.WriteLine(Encoding.UTF8.GetString(made.Json.Span));
            return;
        }

        Key key = made.Value!.Key;
        call.Shell.Error.WriteLine(PlainText.Clean($"Key '{key.Name}', id {ApiCall.Number(key.Id)}, until {Moment.Text(key.Expiry, "it is revoked")}. Its secret is told this once:"));
        call.Output.WriteLine(made.Value.Secret);
    }

    private static async Task<Key> FindAsync(ApiCall call, string named)
    {
        KeyList all = (await call.Api.Audit.KeysAsync(call.Cancellation).Must()).Value!;
        bool number = long.TryParse(named, NumberStyles.None, CultureInfo.InvariantCulture, out long id);
        return all.Items.FirstOrDefault(key => string.Equals(key.Name, named, StringComparison.Ordinal))
            ?? all.Items.FirstOrDefault(key => number && key.Id == id)
            ?? throw new CliException(CliExit.Refused, $"There is no key '{named}'{NearestWord.Suggest(named, all.Items.Select(key => key.Name))}{(NearestWord.Find(named, all.Items.Select(key => key.Name)) is null ? "." : "")}");
    }
}
