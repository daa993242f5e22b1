using Blackwall.Lab.Network;
foreach (var n in await LabCleaner.RemoveAbandonedAsync()) { Console.WriteLine("cleaned " + n); }
using var run = RunFolder.Create();
await using var net = await LabNetwork.BuildAsync(run);
await using var srv = await Blackwall.Lab.Servers.ProtectedServer.StartAsync(net.Server, run, default);
using var tp = Blackwall.Lab.Servers.TarpitStandIn.Start(net.Edge);
await using var honest = Blackwall.Lab.Honest.HonestWorkload.Start(net.Client, net.Server, run);
await Blackwall.Lab.Tools.Tool.PauseAsync(TimeSpan.FromSeconds(8), default);
Console.WriteLine(System.Text.Json.JsonSerializer.Serialize(honest.Tally));
await net.SetOffloadAsync(false);
Console.WriteLine(await net.AttachedAsync());
foreach (var (h, a) in new[] { ("10.20.0.10", "-4"), ("2001:db8:20::10", "-6") })
{
    Console.WriteLine((await net.Client.Network.TryAsync(["ping", a, "-c", "2", "-i", "0.2", h])).Output);
}
