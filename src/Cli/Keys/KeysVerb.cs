using Blackwall.Cli.Connection;
using Blackwall.Cli.Tables;
using Blackwall.Cli.Words;
using Blackwall.Client.Auditing;

namespace Blackwall.Cli.Keys;

/// <summary>"keys": who may do what.</summary>
internal sealed class KeysVerb : ApiVerb
{
    public KeysVerb(Shell shell)
        : base(shell, "keys", "who may do what", VerbGroup.Records)
    {
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
}
