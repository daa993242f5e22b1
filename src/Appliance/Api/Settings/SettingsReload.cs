using System.Runtime.InteropServices;
using Blackwall.Config;

namespace Blackwall.Api.Settings;

/// <summary>
/// Reads the configuration again, on SIGHUP or when the API is asked, and takes up what can change while the appliance runs. A configuration with
/// an error changes nothing. Thread-safe.
/// </summary>
internal sealed class SettingsReload(ApplianceConfig config, ConfigReader reader, IEnumerable<IReloadable> parts, ILogger<SettingsReload> log) : IHostedService, IDisposable
{
    private readonly Lock _lock = new();
    private PosixSignalRegistration? _signal;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _signal = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context =>
        {
            context.Cancel = true;
            Reload(out _);
        });
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    public void Dispose() => Interlocked.Exchange(ref _signal, null)?.Dispose();

    /// <summary>Null: the configuration has errors, and nothing was changed.</summary>
    public ReloadResult? Reload(out IReadOnlyList<string> errors)
    {
        lock (_lock)
        {
            if (reader.TryRead(out errors) is not { } fresh)
            {
                SettingsLog.Refused(log, string.Join(" ", errors));
                return null;
            }

            ReloadResult result = config.TakeLive(fresh);
            result = result with { Errors = [.. result.Errors, .. parts.SelectMany(part => part.Reload())] };
            SettingsLog.Reloaded(log, result.Changed.Count == 0 ? "none" : string.Join(", ", result.Changed));
            if (result.Waiting.Count > 0)
            {
                SettingsLog.Waiting(log, string.Join(", ", result.Waiting));
            }

            foreach (string fault in result.Errors)
            {
                SettingsLog.Fault(log, fault);
            }

            return result;
        }
    }
}
