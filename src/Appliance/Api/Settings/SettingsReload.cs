using System.Runtime.InteropServices;
using Blackwall.Config;
using Blackwall.Pipeline.Ports;

namespace Blackwall.Api.Settings;

/// <summary>
/// Reads the configuration again, on SIGHUP or when the API is asked, and takes up what can change while the appliance runs. A configuration with
/// an error changes nothing. Thread-safe.
/// </summary>
internal sealed class SettingsReload(ApplianceConfig config, ConfigReader reader, IEnumerable<IReloadable> parts, ILogger<SettingsReload> log) : IHostedService, IHealthSource, IDisposable
{
    private readonly Lock _lock = new();
    private readonly bool _hadFile = File.Exists(config.Line.ConfigPath);
    private string? _fault;
    private PosixSignalRegistration? _signal;

    public string Name => "configuration";

    public bool Ready => true;

    public string? Fault => Volatile.Read(ref _fault);

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
            errors = [];

            // Without the file, every list in it would be gone.
            bool isGone = _hadFile && !File.Exists(config.Line.ConfigPath);
            ApplianceConfig? read = isGone ? null : reader.TryRead(out errors);
            if (isGone)
            {
                errors = [$"{config.Line.ConfigPath} is gone; put it back, or restart without it."];
            }

            if (read is not { } fresh)
            {
                Volatile.Write(ref _fault, $"The configuration was read again and has an error, so what was in force goes on: {errors[0]} Correct it and run 'blackwall reload'.");
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

            Volatile.Write(ref _fault, result.Errors.Count == 0 ? null : $"Not everything of the configuration was taken up: {result.Errors[0]}");
            foreach (string fault in result.Errors)
            {
                SettingsLog.Fault(log, fault);
            }

            return result;
        }
    }
}
