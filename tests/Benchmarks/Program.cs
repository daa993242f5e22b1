using System.Runtime.InteropServices;
using Blackwall.Benchmarks;
using Blackwall.Benchmarks.Detection;
using Blackwall.Benchmarks.Feeds;
using Blackwall.Benchmarks.Figures;
using Blackwall.Benchmarks.Intel;
using Blackwall.Benchmarks.Mesh;
using Blackwall.Benchmarks.Model;
using Blackwall.Benchmarks.Report;
using Blackwall.Benchmarks.Tarpit;
using Blackwall.Lab.Network;

if (args is ["detection", .. string[] asked])
{
    return DetectionBench.Run(asked);
}

if (args is ["model", .. string[] askedOfModel])
{
    return ModelBench.Run(askedOfModel);
}

if (args is ["mesh-node", string nodeOptions])
{
    return await MeshNode.RunAsync(nodeOptions);
}

if (args is ["mesh", .. string[] askedOfMesh])
{
    return await MeshBench.RunAsync(askedOfMesh);
}

if (args is ["tarpit-node"])
{
    return await TarpitNode.RunAsync();
}

if (args is ["tarpit", .. string[] askedOfTarpit])
{
    return await TarpitBench.RunAsync(askedOfTarpit);
}

if (args is ["feeds", .. string[] askedOfFeeds])
{
    return await FeedBench.RunAsync(askedOfFeeds);
}

if (args is ["intel", .. string[] askedOfIntel])
{
    return await IntelBench.RunAsync(askedOfIntel);
}

if (BenchOptions.Parse(args) is not { } options)
{
    await Console.Error.WriteLineAsync(BenchOptions.Usage);
    return 2;
}

if (!Environment.IsPrivilegedProcess)
{
    await Console.Error.WriteLineAsync("The benchmarks need root: they load kernel programs and make network namespaces.");
    return 2;
}

IFigures[] all =
[
    new ProgramCost(),
    new SynSampling(),
    new CaptureCost(),
    new LiveDrops(),
    new Throughput(),
    new PolicyLoad(),
    new BanLatency(),
    new AttackToDrop(),
    new FlowSurvival(),
    new Rings(),
    new Stages(),
    new Verification(),
    new Idle(),
    new ApiCost(),
    new PolicyChange(),
];
IFigures[] wanted = options.Only is null ? all : [.. all.Where(f => string.Equals(f.Name, options.Only, StringComparison.Ordinal))];
if (wanted.Length == 0)
{
    await Console.Error.WriteLineAsync(BenchOptions.Usage);
    return 2;
}

FigureBook book = new();
await LabCleaner.RemoveAbandonedAsync();
await LabCleaner.MountBpfFileSystemAsync();
using (RunFolder run = RunFolder.Create())
{
    using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, BreakOff);
    using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, BreakOff);
    foreach (IFigures figures in wanted)
    {
        book.Begin(figures.Title);
        try
        {
            await figures.MeasureAsync(options, run, book);
        }
        catch (Exception e)
        {
            // One group that cannot run must not take the others' figures away; the exit code tells.
            book.Fail(e.Message);
        }
    }

    // A measurement cannot be stopped half way: what it made in the machine is taken away from under it.
    void BreakOff(PosixSignalContext context)
    {
        context.Cancel = true;
        foreach (string file in Directory.EnumerateFiles(NetNamespace.Folder, run.Name + "-*"))
        {
            LabCleaner.RemoveAsync(new NetNamespace(Path.GetFileName(file), run.Path)).GetAwaiter().GetResult();
        }

        LabCleaner.RemovePins(run.PinPath);
        run.Dispose();
        Environment.Exit(130);
    }
}

await Console.Out.WriteLineAsync(options.Json ? book.Json() : book.Table());
return book.AllRan ? 0 : 1;
