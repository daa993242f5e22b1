using System.Diagnostics;
using System.Reflection;
using System.Text;
using Blackwall.Kernel.Abi;

namespace Blackwall.Tests.Abi;

/// <summary>The types of the kernel programs that ship beside the appliance, and those of bpf/abi.h compiled alone.</summary>
internal static class KernelObject
{
    private static readonly Lazy<BtfTypes> Header = new(CompileHeader);
    private static readonly Lazy<IReadOnlyList<BtfTypes>> Programs = new(() => [.. Shipped.Select(Read)]);

    public static IReadOnlyList<Type> Mirrors { get; } =
        [.. typeof(AbiStructAttribute).Assembly.GetTypes().Where(t => t.GetCustomAttribute<AbiStructAttribute>() != null).OrderBy(t => t.Name, StringComparer.Ordinal)];

    /// <summary>Every struct and enum of bpf/abi.h.</summary>
    public static BtfTypes FromHeader => Header.Value;

    /// <summary>Objects that the build put beside the appliance.</summary>
    public static IReadOnlyList<string> Shipped
    {
        get
        {
            string folder = Path.Combine(AppContext.BaseDirectory, "bpf");
            return Directory.Exists(folder) ? [.. Directory.EnumerateFiles(folder, "*.bpf.o").Order(StringComparer.Ordinal)] : [];
        }
    }

    /// <summary>A struct of bpf/abi.h, or one that only the programs know (a map's value, defined beside its map).</summary>
    public static BtfTypes? WithStruct(string name) =>
        FromHeader.Struct(name) != null ? FromHeader : Programs.Value.FirstOrDefault(types => types.Struct(name) != null);

    public static BtfTypes Read(string file) => new(ElfFile.Section(File.ReadAllBytes(file), ".BTF"));

    private static BtfTypes CompileHeader()
    {
        // A type that no code uses leaves no trace in the object; a global pointer to it does.
        string header = File.ReadAllText(RepositoryRoot.File("bpf", "abi.h"));
        var source = new StringBuilder("#include \"abi.h\"\n");
        foreach (string name in Words(header, "struct"))
        {
            source.Append("struct ").Append(name).Append(" *anchor_struct_").Append(name).Append(";\n");
        }

        foreach (string name in Words(header, "enum"))
        {
            source.Append("enum ").Append(name).Append(" anchor_enum_").Append(name).Append(";\n");
        }

        DirectoryInfo folder = Directory.CreateTempSubdirectory("blackwall-abi-");
        try
        {
            string c = Path.Combine(folder.FullName, "anchors.c"), o = Path.Combine(folder.FullName, "anchors.o");
            File.WriteAllText(c, source.ToString());
            Compile(c, o);
            return Read(o);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static IEnumerable<string> Words(string header, string keyword) => header
        .Split('\n')
        .Where(line => line.StartsWith(keyword + " bw_", StringComparison.Ordinal) && line.Contains('{', StringComparison.Ordinal))
        .Select(line => line.Split(' ')[1]);

    private static void Compile(string source, string target)
    {
        string[] clangs = [Environment.GetEnvironmentVariable("BLACKWALL_CLANG") ?? "", "/usr/bin/clang-19", "/usr/bin/clang-16", "/usr/bin/clang"];
        string clang = clangs.FirstOrDefault(File.Exists) ?? throw new FileNotFoundException("clang is missing; './blackwall setup' installs it.");
        var start = new ProcessStartInfo(clang) { RedirectStandardError = true, UseShellExecute = false };
        foreach (string argument in new[] { "-g", "-O2", "-target", "bpf", "-I", RepositoryRoot.File("bpf"), "-I/usr/include/x86_64-linux-gnu", "-I/usr/include/aarch64-linux-gnu", "-c", source, "-o", target })
        {
            start.ArgumentList.Add(argument);
        }

        using Process process = Process.Start(start)!;
        string errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException(errors);
        }
    }
}
