using Blackwall.Lab.Tools;

namespace Blackwall.Lab.Network;

/// <summary>The smallest XDP program there is: it passes everything.</summary>
public static class PassProgram
{
    private const string Source = """
        #define SEC(name) __attribute__((section(name), used))
        SEC("xdp") int pass(void *context) { return 2; /* XDP_PASS */ }
        SEC("license") char terms[] = "GPL";
        """;

    private static readonly string[] s_compilers = ["/usr/bin/clang-19", "/usr/bin/clang-16", "/usr/bin/clang"];

    public static async Task AttachAsync(NetNamespace host, string device, RunFolder run)
    {
        var (source, compiled) = (run.File("pass.bpf.c"), run.File("pass.bpf.o"));
        await File.WriteAllTextAsync(source, Source);
        var clang = Environment.GetEnvironmentVariable("BLACKWALL_CLANG")
            ?? Array.Find(s_compilers, File.Exists)
            ?? throw new ToolFailedException("clang is missing; run './blackwall setup'.");
        await Tool.RunAsync([clang, "-O2", "-target", "bpf", "-c", source, "-o", compiled]);
        await host.RunAsync("ip", "link", "set", "dev", device, "xdp", "obj", compiled, "sec", "xdp");
    }

    /// <summary>The id of the XDP program on a device, as the kernel tells it; empty when there is none.</summary>
    public static async Task<string> IdAsync(NetNamespace host, string device)
    {
        var link = await host.RunAsync("ip", "-d", "-o", "link", "show", "dev", device);
        var words = link.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var place = Array.FindIndex(words, w => w.StartsWith("prog/xdp", StringComparison.Ordinal));
        return place < 0 ? "" : words[place + 2];
    }
}
