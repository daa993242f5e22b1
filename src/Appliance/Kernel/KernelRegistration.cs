using System.Runtime.InteropServices;
using Blackwall.Kernel.Interop;
using Blackwall.Pipeline;
using Blackwall.Storage;
using Microsoft.Extensions.Options;

namespace Blackwall.Kernel;

public static class KernelRegistration
{
    /// <summary>The number of SIGHUP: stop, but leave the wall standing.</summary>
    private const PosixSignal HandOverSignal = PosixSignal.SIGHUP;

    /// <summary>The wall, the writer that keeps it true to the board, and the pump that reads its events.</summary>
    public static IServiceCollection AddKernel(this IServiceCollection services)
    {
        services.AddSingleton(s => BootClock.At(s.GetRequiredService<TimeProvider>().GetUtcNow(), BpfSyscall.BootNanoseconds()));
        services.AddSingleton(s => WallSettingsFactory.Create(
            s.GetRequiredService<IOptions<NetworkOptions>>().Value,
            s.GetRequiredService<IOptions<KernelOptions>>().Value,
            s.GetRequiredService<IOptions<StorageOptions>>().Value.StateFolder));
        services.AddSingleton<KernelService>();
        services.AddSingleton<IWall>(s => s.GetRequiredService<KernelService>());
        services.AddSingleton<IStatsSource>(s => s.GetRequiredService<KernelService>());
        services.AddSingleton<IHealthSource>(s => s.GetRequiredService<KernelService>());
        services.AddHostedService(s => s.GetRequiredService<KernelService>());
        return services;
    }

    /// <summary>SIGHUP stops the process and leaves the wall standing: the way to put a new version in its place.</summary>
    public static IDisposable UseHandOver(this IHost host)
    {
        KernelService kernel = host.Services.GetRequiredService<KernelService>();
        IHostApplicationLifetime lifetime = host.Services.GetRequiredService<IHostApplicationLifetime>();
        return PosixSignalRegistration.Create(HandOverSignal, context =>
        {
            context.Cancel = true;
            kernel.HandOver();
            lifetime.StopApplication();
        });
    }
}
