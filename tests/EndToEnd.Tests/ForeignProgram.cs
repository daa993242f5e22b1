using Blackwall.Lab;
using Blackwall.Lab.Network;
using Blackwall.Lab.Tools;

namespace Blackwall.EndToEnd;

/// <summary>Somebody else's XDP program on the interface that is to be guarded.</summary>
public static class ForeignProgram
{
    private const string Source = """
        #define SEC(name) __attribute__((section(name), used))
        SEC("xdp") int someone_elses(void *context) { return 2; /* XDP_PASS */ }
        SEC("license") char terms[] = "GPL";
        """;

    private static readonly string[] s_compilers = ["/usr/bin/clang-19", "/usr/bin/clang-16", "/usr/bin/clang"];

    public static async Task AttachAsync(Stage stage)
    {
        await File.WriteAllTextAsync(stage.Run.File("foreign.bpf.c"), Source);
        var clang = Environment.GetEnvironmentVariable("BLACKWALL_CLANG") ?? s_compilers.First(File.Exists);
        await Tool.RunAsync([clang, "-O2", "-target", "bpf", "-c", stage.Run.File("foreign.bpf.c"), "-o", stage.Run.File("foreign.bpf.o")]);
        await stage.Network.Edge.RunAsync("ip", "link", "set", "dev", LabNetwork.Wan, "xdp", "obj", stage.Run.File("foreign.bpf.o"), "sec", "xdp");
    }

    /// <summary>The id of the program on the interface, as the kernel tells it; empty when there is none.</summary>
    public static async Task<string> IdAsync(Stage stage)
    {
        var link = await stage.Network.Edge.RunAsync("ip", "-d", "-o", "link", "show", "dev", LabNetwork.Wan);
        var words = link.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var place = Array.FindIndex(words, w => w.StartsWith("prog/xdp", StringComparison.Ordinal));
        return place < 0 ? "" : words[place + 2];
    }
}
