using Blackwall.Api;
using Blackwall.Audit;
using Blackwall.Behavior;
using Blackwall.Capture;
using Blackwall.Config;
using Blackwall.Fingerprints;
using Blackwall.Guard;
using Blackwall.Inspection;
using Blackwall.Kernel;
using Blackwall.Rules;

namespace Blackwall;

/// <summary>Every section of blackwall.toml. A feature with settings adds its own declaration here.</summary>
public static class Sections
{
    public static IReadOnlyList<IConfigSection> All() =>
    [
        .. NetworkOptions.Declare(),
        .. KernelOptions.Declare(),
        .. DetectionSettings.Declare(),
        new ConfigSection<FingerprintOptions>("fingerprints", new FingerprintOptions()).Annotated(),
        .. InspectionOptions.Declare(),
        .. RuleOptions.Declare(),
        .. GuardMemoryOptions.Declare(),
        .. StorageSettings.Declare(),
        .. CaptureOptions.Declare(),
        .. ApiOptions.Declare(),
        .. AuditOptions.Declare(),
    ];
}
