namespace Blackwall.Intel.Stix;

/// <summary>How far what is shared may be passed on: the four markings of TLP 1.0, whose identifiers STIX 2.1 fixes (section 7.2.1.4).</summary>
internal enum Tlp
{
    White,
    Green,
    Amber,
    Red,
}
