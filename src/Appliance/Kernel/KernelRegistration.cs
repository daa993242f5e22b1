using System.Runtime.InteropServices;
using Blackwall.Kernel.Interop;
using Blackwall.Kernel.Links;
using Blackwall.Kernel.Tapping;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Ports;
using Blackwall.Pipeline.Stages;
using Blackwall.Pipeline.Time;
using Microsoft.Extensions.Options;

namespace Blackwall.Kernel;

public static class KernelRegistration
{
    /// <summary>The wall, the writer that keeps it true to the board, and the pump that reads its events.</summary>
    /// <param name="services">Where to.</param>
    /// <param name="logFolder">Where the verifier's log goes when a program is refused.</param>
    /// <param name="storeWasLost">Whether the decisions of the last run could not be read.</param>
    public static IServiceCollection AddKernel(this IServiceCollection services, Func<IServiceProvider, string> logFolder, Func<IServiceProvider, bool> storeWasLost)
    {
        services.AddSingleton<INextHops, NextHops>();
        services.AddSingleton(s =>
        {
            TimeProvider time = s.GetRequiredService<TimeProvider>();
            BootClock dates = BootClock.At(time.GetUtcNow(), BpfSyscall.BootNanoseconds());
            s.GetRequiredService<SteadyClock>().Stepped += (_, _) => dates.Resynchronise(time.GetUtcNow(), BpfSyscall.BootNanoseconds());
            return dates;
        });
        services.AddSingleton(s => WallSettingsFactory.Create(
            s.GetRequiredService<IOptions<NetworkOptions>>().Value,
            s.GetRequiredService<IOptions<KernelOptions>>().Value,
            logFolder(s)));
        services.AddSingleton(s => new KernelService(
            s.GetRequiredService<WallSettings>(),
            () => s.GetRequiredService<IStartMode>().StartMode,
            () => storeWasLost(s),
            s.GetRequiredService<VerdictBoard>(),
            s.GetRequiredService<DecisionPipeline>(),
            s.GetRequiredService<TimeProvider>(),
            s.GetRequiredService<ILogger<KernelService>>()));
        services.AddSingleton<IWall>(s => s.GetRequiredService<KernelService>());
        services.AddSingleton<IPolicyTrial>(s => s.GetRequiredService<KernelService>());
        services.AddSingleton<IStatsSource>(s => s.GetRequiredService<KernelService>());
        services.AddSingleton<IHealthSource>(s => s.GetRequiredService<KernelService>());
        services.AddSingleton(s => new RoundCounter("wall", () => s.GetRequiredService<KernelService>().Rounds));
        services.AddSingleton(s => new RoundCounter("kernel events", () => s.GetRequiredService<KernelService>().PumpRounds));
        services.AddHostedService(s => s.GetRequiredService<KernelService>());
        services.AddSingleton<IPacketTap>(s => new PacketTap(
            s.GetRequiredService<KernelService>(),
            s.GetRequiredService<WallSettings>().Interface,
            s.GetRequiredService<BootClock>(),
            s.GetRequiredService<TimeProvider>(),
            s.GetRequiredService<ILogger<PacketTap>>()));
        return services;
    }

    /// <summary>For mode "off": no kernel program is loaded.</summary>
    public static IServiceCollection AddNoWall(this IServiceCollection services)
    {
        services.AddSingleton<INextHops, NextHops>();
        services.AddSingleton<NoWall>();
        services.AddSingleton<IWall>(s => s.GetRequiredService<NoWall>());
        services.AddSingleton<IPolicyTrial>(s => s.GetRequiredService<NoWall>());
        services.AddHostedService(s => s.GetRequiredService<NoWall>());
        services.AddSingleton<IPacketTap, NoTap>();
        return services;
    }

    /// <summary>SIGUSR2 stops the process and leaves the wall standing: the way to put a new version in its place.</summary>
    public static IDisposable UseHandOver(this IHost host)
    {
        KernelService kernel = host.Services.GetRequiredService<KernelService>();
        IHostApplicationLifetime lifetime = host.Services.GetRequiredService<IHostApplicationLifetime>();
        return PosixSignalRegistration.Create(HandOverSignal.Number, context =>
        {
            context.Cancel = true;
            kernel.HandOver();
            lifetime.StopApplication();
        });
    }
}
