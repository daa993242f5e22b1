using Blackwall.Benchmarks.Machine;
using Blackwall.Benchmarks.Peers;
using Blackwall.Benchmarks.Programs;
using Blackwall.Benchmarks.Report;
using Blackwall.Kernel;
using Blackwall.Kernel.Interop;
using Blackwall.Kernel.Tests.Packets;
using Blackwall.Lab.Network;
using Blackwall.Pipeline.Model;
using Microsoft.Win32.SafeHandles;

namespace Blackwall.Benchmarks.Figures;

/// <summary>What dropping costs the receiver, with packets that really cross a veth.</summary>
internal sealed class LiveDrops : IFigures
{
    private const int Hosts = 100_000, Prefixes = 50_000, Hot = 256, Many = 65_536, Batch = 64, MostBursts = 16;

    public string Name => "live";

    public string Title => "Live drop over veth, receiver CPU per packet (N = nft set in raw prerouting, F = xdp-filter, M = the least program of the same job)";

    public async Task MeasureAsync(BenchOptions options, RunFolder run, FigureBook book)
    {
        int packets = options.Quick ? 100_000 : 400_000;
        List<Prefix> hosts = SamplePolicy.Hosts(Hosts);
        List<Prefix> prefixes = SamplePolicy.Prefixes4(Prefixes);
        Address[] many = [.. hosts.Take(Many).Select(h => h.Network)];
        Address[] inside = [.. Enumerable.Range(0, Many).Select(i => prefixes[i % Prefixes]).Select(p => Address.FromV4(p.Network.V4 + 1))];
        byte[] frame = Frame.From("203.0.113.7", BenchNetwork.EdgeAddress).TcpSegment(40_000, 443, Frame.Ack, 1001, 5001).Build();
        using BenchPrograms bench = BenchPrograms.Load();

        await using BenchNetwork ours = await BenchNetwork.CreateAsync(run, "b");
        using LoadedWall wall = LoadedWall.Create(SamplePolicy.Entries(hosts, prefixes));
        using SafeFileHandle link = ours.Attach(wall.Programs.Ingress);

        await using BenchNetwork filtered = await BenchNetwork.CreateAsync(run, "f");
        await using XdpFilter filter = await XdpFilter.StartAsync(filtered.Edge, filtered.Receiver);
        filter.Deny(many.Take(XdpFilter.Capacity));

        await using BenchNetwork tabled = await BenchNetwork.CreateAsync(run, "n");
        string file = run.File("live.nft");
        await NftSet.WriteAsync(file, hosts, prefixes);
        await NftSet.LoadAsync(tabled.Edge, file);

        await using BenchNetwork least = await BenchNetwork.CreateAsync(run, "m");
        using MinimalProgram minimal = MinimalProgram.Load(hosts, prefixes);
        using SafeFileHandle leastLink = least.Attach(minimal.Program);

        NapiThread leastThread = await NapiThread.StartAsync(least);
        NapiThread ourThread = await NapiThread.StartAsync(ours);
        NapiThread filterThread = await NapiThread.StartAsync(filtered);
        NapiThread nftThread = await NapiThread.StartAsync(tabled);

        double Cost(BenchNetwork network, NapiThread thread, Address[] sources) => Drop(bench, network, thread, frame, sources, packets);

        double[] ns = Samples.Interleaved(
            options.Rounds(9),
            () => Cost(ours, ourThread, many[..Hot]),
            () => Cost(filtered, filterThread, many[..Hot]),
            () => Cost(tabled, nftThread, many[..Hot]),
            () => Cost(ours, ourThread, many),
            () => Cost(tabled, nftThread, many),
            () => Cost(ours, ourThread, inside),
            () => Cost(tabled, nftThread, inside),
            () => Cost(least, leastThread, many[..Hot]),
            () => Cost(least, leastThread, many),
            () => Cost(least, leastThread, inside));
        const string method = "packets made by live test-run on one CPU, threaded NAPI on the other, its CPU time per packet received; all features on; 100k hosts + 50k prefixes loaded, xdp-filter 10,000";
        book.Add(new("drop, 256 sources (hot)", ns[0], "ns", "N", ns[2], 0.40, Note: method));
        book.Add(new("drop, 256 sources (hot), against xdp-filter", ns[0], "ns", "F", ns[1], 1.05));
        book.Add(new("drop, 65,536 sources", ns[3], "ns", "N", ns[4], 0.45));
        book.Add(new("drop, sources inside prefixes", ns[5], "ns", "N", ns[6], 0.50));
        book.Add(new("drop, 256 sources (hot), against the least program", ns[0], "ns", "M", ns[7], 1.15));
        book.Add(new("drop, 65,536 sources, against the least program", ns[3], "ns", "M", ns[8], 1.15));
        book.Add(new("drop, sources inside prefixes, against the least program", ns[5], "ns", "M", ns[9], 1.15));
    }

    private static double Drop(BenchPrograms bench, BenchNetwork network, NapiThread thread, byte[] frame, Address[] sources, int packets)
    {
        NapiThread.Reading before = thread.Read();
        PinnedThread.Run(
            PinnedThread.First,
            () =>
            {
                int sender = BenchNetwork.Index(network.Sender);
                bench.Plan(frame, sources, sender);
                for (int sent = 0; sent < MostBursts; sent++)
                {
                    // A slow receiver loses what its ring of 256 does not hold: send until enough has come through.
                    int error = BpfProgram.RunLive(bench.Generate, frame, sender, packets, Batch);
                    if (error < 0)
                    {
                        throw new KernelException("The packet generator cannot run.", -error);
                    }

                    if (thread.Read().Packets - before.Packets >= packets / 2)
                    {
                        break;
                    }
                }

                return true;
            },
            network.Outside);

        // The last batch may still lie in the ring.
        Native.Nap(TimeSpan.FromMilliseconds(20));
        NapiThread.Reading after = thread.Read();
        long received = after.Packets - before.Packets;
        long delivered = after.Delivered - before.Delivered;
        if (received < packets / 20 || delivered > received / 100)
        {
            throw new InvalidOperationException($"{received} packets came over {network.Receiver} and {delivered} of them were not dropped: nothing to measure.");
        }

        return (after.Nanoseconds - before.Nanoseconds) / (double)received;
    }
}
