using Blackwall.Cli.Connection;

namespace Blackwall.Cli.Status;

/// <summary>"health": whether the appliance is ready, by its exit code too.</summary>
internal sealed class HealthVerb(Shell shell) : ApiVerb(shell, "health", "whether the appliance is ready; the exit code says so too (0 ready, 1 not)", VerbGroup.Look)
{
    protected override async Task RunAsync(ApiCall call)
    {
        Client.Status.Health health = await call.ShowAsync(call.Api.Status.HealthAsync(call.Cancellation), found =>
        {
            call.Say(found.Status);
            foreach ((string part, string fault) in found.Faults ?? new Dictionary<string, string>(StringComparer.Ordinal))
            {
                call.Say($"{part}: {fault}");
            }
        });
        MustBeReady(health);
    }

    /// <summary>Degraded is ready: the wall stands, and a supervisor that restarts it would help nobody.</summary>
    /// <exception cref="CliException">It is not.</exception>
    public static void MustBeReady(Client.Status.Health health)
    {
        if (health.Status is not ("ready" or "degraded"))
        {
            string faults = string.Join("; ", (health.Faults ?? new Dictionary<string, string>(StringComparer.Ordinal)).Select(fault => $"{fault.Key}: {fault.Value}"));
            throw new CliException(CliExit.Refused, faults.Length == 0 ? $"The appliance is not ready: {health.Status}." : $"The appliance is not ready: {faults}");
        }
    }
}
