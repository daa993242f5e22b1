using Xunit;

namespace Blackwall.Tests.Architecture;

/// <summary>The house rules on who may know whom.</summary>
public sealed class DependencyTests
{
    // What every feature may build on: decisions and their store, settings, the way to declare a feature, what endpoints share, and events.
    private static readonly string[] Foundations = ["Pipeline", "Storage", "Config", "Composition", "Api", "Events", "Decisions"];

    // The root composes; Bridges know two vocabularies; Replay puts kernel and detection together for a capture as the root does for an
    // interface; Service stands between the root and the init system. All others are features.
    private static readonly string[] NoFeatures = ["", "Kernel", "Bridges", "Replay", "Service", .. Foundations];

    // What every feature may see of the kernel layer: its records, and the wall as a thing with a status.
    private static readonly string[] KernelSurface = ["Blackwall.Kernel.IWall", "Blackwall.Kernel.GateReading", "Blackwall.Kernel.Side", "Blackwall.Kernel.WallStatus", "Blackwall.Kernel.WallCounters", "Blackwall.Kernel.KernelEntry", "Blackwall.Kernel.NetworkOptions"];

    private static IEnumerable<string> Features =>
        ApplianceTypes.Uses.Select(u => ApplianceTypes.Feature(u.User)).Distinct(StringComparer.Ordinal).Except(NoFeatures, StringComparer.Ordinal);

    [Fact]
    public void The_scan_sees_the_appliance()
    {
        Assert.Contains(("Blackwall.Pipeline.Model.Decision", "Blackwall.Pipeline.Model.Prefix"), ApplianceTypes.Uses);
        Assert.Contains(("Blackwall.Behavior.BehaviorStage", "Blackwall.Kernel.Abi.PacketEvent"), ApplianceTypes.Uses);
        Assert.Contains(("Blackwall.Behavior.DetectionWorker", "Microsoft.Extensions.Hosting.BackgroundService"), ApplianceTypes.Uses);
        Assert.Contains("Behavior", Features, StringComparer.Ordinal);
    }

    [Fact]
    public void The_pipeline_knows_the_kernels_records_and_the_base_library_without_io() => AssertNone(
        use => In(use.User, "Pipeline")
            && !In(use.Used, "Pipeline")
            && !In(use.Used, "Kernel.Abi")
            && !IsComposition(use.Used)
            && (!Starts(use.Used, "System.") || IsIo(use.Used)));

    [Fact]
    public void The_kernel_layer_knows_the_pipeline_and_no_feature() => AssertNone(
        use => In(use.User, "Kernel") && !IsDeclaration(use.User) && IsOurs(use.Used) && !In(use.Used, "Kernel") && !In(use.Used, "Pipeline") && !In(use.Used, "Config"));

    [Fact]
    public void The_configuration_knows_what_it_fills_and_no_feature() => AssertNone(
        use => In(use.User, "Config") && IsOurs(use.Used) && !In(use.Used, "Config") && !In(use.Used, "Pipeline") && !In(use.Used, "Storage") && !In(use.Used, "Kernel.Abi"));

    [Fact]
    public void The_kernels_records_know_only_addresses() => AssertNone(
        use => In(use.User, "Kernel.Abi") && IsOurs(use.Used) && !In(use.Used, "Kernel.Abi") && use.Used is not "Blackwall.Pipeline.Model.Address");

    [Fact]
    public void Interop_is_used_by_the_kernel_layer_alone() => AssertNone(
        use => In(use.Used, "Kernel.Interop") && !In(use.User, "Kernel"));

    [Fact]
    public void Features_know_pipeline_and_storage_and_the_walls_surface_and_not_each_other() => AssertNone(
        use => Features.Contains(ApplianceTypes.Feature(use.User), StringComparer.Ordinal)
            && IsOurs(use.Used)
            && !string.Equals(ApplianceTypes.Feature(use.User), ApplianceTypes.Feature(use.Used), StringComparison.Ordinal)
            && !Foundations.Contains(ApplianceTypes.Feature(use.Used), StringComparer.Ordinal)
            && !In(use.Used, "Kernel.Abi")
            && !KernelSurface.Contains(use.Used, StringComparer.Ordinal));

    [Fact]
    public void The_appliance_is_no_client_of_itself() => AssertNone(use => In(use.Used, "Client"));

    [Fact]
    public void Storage_knows_pipeline_and_configuration_and_no_feature() => AssertNone(
        use => In(use.User, "Storage") && !IsDeclaration(use.User) && IsOurs(use.Used) && !In(use.Used, "Storage") && !In(use.Used, "Pipeline") && !In(use.Used, "Config"));

    [Fact]
    public void Configuration_knows_no_feature() => AssertNone(
        use => In(use.User, "Config") && Features.Contains(ApplianceTypes.Feature(use.Used), StringComparer.Ordinal));

    [Fact]
    public void What_features_build_on_knows_no_feature() => AssertNone(
        use => Foundations.Contains(ApplianceTypes.Feature(use.User), StringComparer.Ordinal) && Features.Contains(ApplianceTypes.Feature(use.Used), StringComparer.Ordinal));

    [Fact]
    public void Only_stores_and_storage_speak_sql() => AssertNone(
        use => (Starts(use.Used, "Microsoft.Data.Sqlite.") || Starts(use.Used, "SQLitePCL."))
            && !In(use.User, "Storage")
            && !use.User.EndsWith("Store", StringComparison.Ordinal));

    [Fact]
    public void Parsers_on_the_wire_are_pure() => AssertNone(
        use => ApplianceTypes.Folder(use.User).Split('.').Contains("Wire", StringComparer.Ordinal)
            && (Starts(use.Used, "Microsoft.")
                || Starts(use.Used, "System.Threading.Tasks.")
                || IsIo(use.Used)
                || use.Used is "System.TimeProvider" or "System.DateTime" or "System.DateTimeOffset" or "System.IO.Stream" or "System.Random"));

    private static void AssertNone(Func<(string User, string Used), bool> forbidden)
    {
        string[] found = [.. ApplianceTypes.Uses.Where(forbidden).Select(use => $"{use.User} -> {use.Used}").Order(StringComparer.Ordinal)];
        Assert.True(found.Length == 0, string.Join('\n', found));
    }

    // Where a part of the appliance declares itself, it meets the way to declare it.
    // What a feature declares of itself: its parts, and what it counts.
    private static bool IsDeclaration(string type) => type.EndsWith("Feature", StringComparison.Ordinal) || type.EndsWith("Metrics", StringComparison.Ordinal);

    private static bool In(string type, string folder) =>
        ApplianceTypes.Folder(type) is var actual && (string.Equals(actual, folder, StringComparison.Ordinal) || Starts(actual, folder + "."));

    private static bool IsOurs(string type) => Starts(type, "Blackwall.");

    private static bool Starts(string text, string prefix) => text.StartsWith(prefix, StringComparison.Ordinal);

    // Registration, options and hosted services are how parts are put together; none of them does anything to the world.
    private static bool IsComposition(string type) =>
        Starts(type, "Microsoft.Extensions.DependencyInjection.") || Starts(type, "Microsoft.Extensions.Options.") || Starts(type, "Microsoft.Extensions.Hosting.");

    // AddressFamily is a word about addresses that happens to live among the sockets.
    private static bool IsIo(string type) =>
        (Starts(type, "System.Net.Sockets.") && type is not "System.Net.Sockets.AddressFamily")
        || Starts(type, "System.Net.Http.")
        || Starts(type, "System.Data.")
        || type is "System.Console" or "System.Diagnostics.Process" or "System.IO.File" or "System.IO.FileStream" or "System.IO.Directory" or "System.IO.FileInfo";
}
