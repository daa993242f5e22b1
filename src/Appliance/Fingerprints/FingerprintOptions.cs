using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Blackwall.Fingerprints;

/// <summary>
/// Section [fingerprints]: how much a known client speaks against its source. The weight of the evidence is that of the category times the
/// entry's confidence; 0: it is shown with the source and is no evidence. A fingerprint alone never blocks.
/// </summary>
public sealed class FingerprintOptions
{
    [Description("Sources whose fingerprints are remembered, and a quarter as many that have proved nothing yet. About 600 bytes each, taken as needed.")]
    [Range(1024, 1_000_000)]
    public int MaxSources { get; set; } = 65_536;

    [Description("Weight of a fingerprint of browsers; 0: it is shown and is no evidence.")]
    [Range(0.0, 1.0)]
    public double BrowserWeight { get; set; }

    [Description("Weight of a fingerprint of HTTP and TLS libraries; 0: it is shown and is no evidence.")]
    [Range(0.0, 1.0)]
    public double LibraryWeight { get; set; }

    [Description("Weight of a fingerprint of tools that people use every day, such as curl and OpenSSH; 0: it is shown and is no evidence.")]
    [Range(0.0, 1.0)]
    public double ToolWeight { get; set; }

    [Description("Weight of a fingerprint of scanners; 0: it is shown and is no evidence.")]
    [Range(0.0, 1.0)]
    public double ScannerWeight { get; set; } = 0.4;

    [Description("Weight of a fingerprint of malware; 0: it is shown and is no evidence.")]
    [Range(0.0, 1.0)]
    public double MalwareWeight { get; set; } = 0.7;

    internal double WeightOf(FingerprintCategory category) => category switch
    {
        FingerprintCategory.Browser => BrowserWeight,
        FingerprintCategory.Library => LibraryWeight,
        FingerprintCategory.Tool => ToolWeight,
        FingerprintCategory.Scanner => ScannerWeight,
        _ => MalwareWeight,
    };
}
