using Blackwall.Composition;
using Blackwall.Config;
using Blackwall.Kernel.Abi;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Time;
using Blackwall.Storage;
using Microsoft.Extensions.Options;

namespace Blackwall.Kernel;

/// <summary>The wall: programs in the kernel that judge packets, kept true to the board.</summary>
internal sealed class KernelFeature : IFeature
{
    public string Name => "kernel";

    public StartPhase Phase => StartPhase.Wall;

    public int FirstLogId => 2000;

    public IReadOnlyList<Metric> Metrics => KernelMetrics.All;

    public IReadOnlyList<IConfigSection> Sections => [.. NetworkOptions.Declare(), .. KernelOptions.Declare()];

    public IReadOnlyList<FeatureVerb> Verbs =>
    [
        new FeatureVerb("off", "off INTERFACE [--pin-path FOLDER]", arguments => Task.FromResult(OffCommand.Run(arguments, Console.Out, Console.Error))),
    ];

    public void AddServices(IServiceCollection services, ApplianceConfig config)
    {
        services.AddSingleton<IBootTime, SystemBootTime>();
        BoardOptions board = config.Get<BoardOptions>();
        KernelOptions kernel = config.Get<KernelOptions>();
        (board.CanRedirect4, board.CanRedirect6) = (kernel.TarpitAddress4 is not null, kernel.TarpitAddress6 is not null);
        if (config.Get<NetworkOptions>().Mode == EnforcementMode.Off)
        {
            services.AddNoWall();
        }
        else
        {
            services.AddKernel(
                s => s.GetRequiredService<IOptions<StorageOptions>>().Value.StateFolder,
                s => s.GetRequiredService<Database>().SetAside is not null);
        }
    }
}
