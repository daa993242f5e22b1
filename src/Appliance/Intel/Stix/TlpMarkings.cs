namespace Blackwall.Intel.Stix;

/// <summary>The fixed marking definitions.</summary>
internal static class TlpMarkings
{
    public static string IdOf(Tlp tlp) => "marking-definition--" + tlp switch
    {
        Tlp.White => "613f2e26-407d-48c7-9eca-b8e91df99dc9",
        Tlp.Green => "34098fce-860f-48ae-8e50-ebd3cc5e41da",
        Tlp.Amber => "f88d31f6-486f-44da-b317-01333bde0b82",
        _ => "5e57c739-391a-4eb3-b6be-7d15ca92d5ed",
    };

    public static string Word(Tlp tlp) => tlp switch
    {
        Tlp.White => "white",
        Tlp.Green => "green",
        Tlp.Amber => "amber",
        _ => "red",
    };
}
