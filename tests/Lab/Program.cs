using Blackwall.Lab.Network;
foreach (var n in await LabCleaner.RemoveAbandonedAsync()) { Console.WriteLine("cleaned " + n); }
using var run = RunFolder.Create();
await using var net = await LabNetwork.BuildAsync(run);
await net.SetOffloadAsync(false);
Console.WriteLine(await net.AttachedAsync());
foreach (var (h, a) in new[] { ("10.20.0.10", "-4"), ("2001:db8:20::10", "-6") })
{
    Console.WriteLine((await net.Client.Network.TryAsync(["ping", a, "-c", "2", "-i", "0.2", h])).Output);
}
