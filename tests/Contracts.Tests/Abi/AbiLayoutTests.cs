using System.Reflection;
using System.Text.RegularExpressions;
using Blackwall.Kernel.Abi;
using Xunit;

namespace Blackwall.Tests.Abi;

/// <summary>bpf/abi.h and its mirror in C# say the same, byte for byte. The C side is read from the BTF that clang wrote, so it is what runs.</summary>
public sealed partial class AbiLayoutTests
{
    // C# enum: C enum, prefix of its names, names that only count.
    private static readonly (Type Mirror, string Name, string Prefix, string? Counter)[] Enums =
    [
        (typeof(PolicyAction), "bw_action", "BW_", null),
        (typeof(EnforcementMode), "bw_mode", "BW_MODE_", null),
        (typeof(Silence), "bw_silence", "BW_SILENCE_", null),
        (typeof(Reason), "bw_reason", "BW_", "BW_REASONS"),
        (typeof(LossKind), "bw_loss", "BW_LOST_", "BW_LOSSES"),
        (typeof(EventKind), "bw_event_kind", "BW_EVENT_", null),
        (typeof(FlowDirection), "bw_direction", "BW_", null),
        (typeof(SampleKind), "bw_sample_kind", "BW_SAMPLE_", null),
        (typeof(RateClass), "bw_class", "BW_CLASS_", "BW_CLASSES"),
        (typeof(RateScope), "bw_scope", "BW_SCOPE_", "BW_SCOPES"),
        (typeof(FlowState), "bw_flow_state", "BW_FLOW_", null),
        (typeof(SshState), "bw_ssh_state", "BW_SSH_", null),
        (typeof(Facts), "bw_fact", "BW_FACT_", null),
        (typeof(Checksums), "bw_checksums", "BW_CHECKSUMS_", null),
        (typeof(Answers), "bw_answers", "BW_ANSWERS_", null),
    ];

    public static TheoryData<string> Mirrors => [.. KernelObject.Mirrors.Select(t => t.Name)];

    public static TheoryData<string> EnumMirrors => [.. Enums.Select(e => e.Mirror.Name)];

    [Theory]
    [MemberData(nameof(Mirrors))]
    public void A_mirror_has_every_field_of_the_c_struct_at_its_place_and_no_other(string mirror)
    {
        BtfTypes? types = KernelObject.WithStruct(Name(Mirror(mirror)));
        Assert.True(types != null, $"struct {Name(Mirror(mirror))} is neither in bpf/abi.h nor in the BTF of a shipped program");
        Compare(Mirror(mirror), types);
    }

    [Fact]
    public void The_shipped_objects_were_compiled_from_the_same_structs()
    {
        // A mirrored struct that no shipped program keeps in its BTF is checked through the header alone, above.
        Assert.All(KernelObject.Shipped, file =>
        {
            BtfTypes types = KernelObject.Read(file);
            Assert.All(KernelObject.Mirrors.Where(m => types.Struct(Name(m)) != null), mirror => Compare(mirror, types));
        });
    }

    [Fact]
    public void The_records_of_the_rings_are_in_the_btf_of_the_programs_that_write_them()
    {
        BtfTypes[] shipped = [.. KernelObject.Shipped.Select(KernelObject.Read)];
        if (Directory.EnumerateFiles(RepositoryRoot.File("bpf"), "*.bpf.c").Any())
        {
            Assert.Contains(shipped, types => types.Struct("bw_packet_event") != null);
            Assert.Contains(shipped, types => types.Struct("bw_sample_event") != null);
        }
        else
        {
            Assert.Empty(shipped);
        }
    }

    [Fact]
    public void Every_struct_of_the_header_has_a_mirror() => Assert.Empty(
        KernelObject.FromHeader.StructNames.Where(n => n.StartsWith("bw_", StringComparison.Ordinal)).Except(KernelObject.Mirrors.Select(Name), StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(EnumMirrors))]
    public void A_mirrored_enum_has_the_names_and_values_of_the_c_enum(string mirror)
    {
        (Type type, string name, string prefix, string? counter) = Enums.Single(e => string.Equals(e.Mirror.Name, mirror, StringComparison.Ordinal));
        IReadOnlyList<(string Name, long Value)> values = KernelObject.FromHeader.Enum(name) ?? throw new InvalidDataException($"enum {name} is not in bpf/abi.h");
        Dictionary<string, long> expected = values
            .Where(v => !string.Equals(v.Name, counter, StringComparison.Ordinal))
            .ToDictionary(v => Pascal(v.Name[prefix.Length..]), v => v.Value, StringComparer.Ordinal);
        Dictionary<string, long> actual = Enum.GetNames(type).ToDictionary(
            n => n, n => Convert.ToInt64(Enum.Parse(type, n), System.Globalization.CultureInfo.InvariantCulture), StringComparer.Ordinal);
        if (!expected.ContainsValue(0))
        {
            actual.Remove("None");
        }

        Assert.Equal(Sorted(expected), Sorted(actual));
        Assert.All(values.Where(v => string.Equals(v.Name, counter, StringComparison.Ordinal)), v => Assert.Equal(expected.Count, v.Value));
    }

    [Fact]
    public void Every_enum_of_the_kernel_namespace_is_compared() => Assert.Equal(
        typeof(AbiStructAttribute).Assembly.GetTypes()
            .Where(t => t.IsEnum && string.Equals(t.Namespace, "Blackwall.Kernel.Abi", StringComparison.Ordinal) && t != typeof(Features))
            .Select(t => t.Name).Order(StringComparer.Ordinal),
        Enums.Select(e => e.Mirror.Name).Order(StringComparer.Ordinal));

    [Fact]
    public void Feature_bits_are_those_of_the_header()
    {
        Dictionary<string, long> expected = FeatureLine().Matches(File.ReadAllText(RepositoryRoot.File("bpf", "abi.h")))
            .ToDictionary(m => Pascal(m.Groups["name"].Value), m => 1L << int.Parse(m.Groups["bit"].ValueSpan, System.Globalization.CultureInfo.InvariantCulture), StringComparer.Ordinal);
        Dictionary<string, long> actual = Enum.GetValues<Features>()
            .Where(f => f is not (Features.None or Features.All))
            .ToDictionary(f => f.ToString(), f => (long)f, StringComparer.Ordinal);
        Assert.Equal(Sorted(expected), Sorted(actual));
        Assert.Equal((long)Features.All, expected.Values.Sum());
    }

    private static void Compare(Type mirror, BtfTypes types)
    {
        BtfStruct c = types.Struct(Name(mirror)) ?? throw new InvalidDataException($"struct {Name(mirror)} is not in bpf/abi.h");

        // A flexible array ends some records; it has no size and no mirror.
        string[] expected = [.. c.Fields.Where(f => f.Size > 0 && !IsPadding(f.Name)).Select(f => $"{f.Offset,3} +{f.Size,-3} {MirrorName(f)}")];
        string[] actual = [.. ManagedLayout.Fields(mirror).Where(f => !f.Field.Name.StartsWith("_pad", StringComparison.Ordinal)).Select(f => $"{f.Offset,3} +{f.Size,-3} {f.Field.Name}")];
        Assert.Equal(expected, actual);
        Assert.Equal(c.Size, ManagedLayout.SizeOf(mirror));
    }

    private static Type Mirror(string name) => KernelObject.Mirrors.Single(t => string.Equals(t.Name, name, StringComparison.Ordinal));

    private static string Name(Type mirror) => mirror.GetCustomAttribute<AbiStructAttribute>()!.Name;

    private static bool IsPadding(string name) => name.StartsWith("pad", StringComparison.Ordinal);

    private static string MirrorName(BtfField field)
    {
        string name = field.Name.TrimEnd('_');
        string pascal = name.EndsWith("_ns", StringComparison.Ordinal) ? Pascal(name[..^3]) + "Nanoseconds" : Pascal(name);
        return field.Type is "__be16" or "__be32" ? pascal + "Network" : pascal;
    }

    private static string Pascal(string snake) =>
        string.Concat(snake.Split('_').Select(word => char.ToUpperInvariant(word[0]) + word[1..].ToLowerInvariant()));

    private static string[] Sorted(Dictionary<string, long> values) =>
        [.. values.OrderBy(v => v.Value).ThenBy(v => v.Key, StringComparer.Ordinal).Select(v => $"{v.Key} = {v.Value}")];

    [GeneratedRegex(@"^#define BW_FEATURE_(?<name>\w+)\s+\(1u << (?<bit>\d+)\)", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex FeatureLine();
}
