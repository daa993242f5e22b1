using Blackwall.Cli.Connection;
using Blackwall.Client.Auditing;

namespace Blackwall.Cli.Auditing;

/// <summary>"verify": whether the audit log is as it was written.</summary>
internal sealed class VerifyVerb(Shell shell) : ApiVerb(shell, "verify", "whether the audit log is as it was written", VerbGroup.Records)
{
    protected override async Task RunAsync(ApiCall call)
    {
        AuditProof proof = await call.ShowAsync(call.Api.Audit.VerifyAsync(call.Cancellation), found => call.Say(found.Intact
            ? $"Entries {ApiCall.Number(found.First)} to {ApiCall.Number(found.Last)} are as they were written; the newest has the hash {found.Head}."
            : $"Entry {ApiCall.Number(found.BrokenAt ?? 0)} does not follow from the one before it."));
        if (!proof.Intact)
        {
            throw new CliException(CliExit.Refused, "The audit log is not as it was written.");
        }
    }
}
