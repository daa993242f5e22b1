namespace Blackwall.Tarpit.Ssh.Wire;

/// <summary>Message numbers of RFC 4250 §4.1.2, RFC 4419 and RFC 8308, and of OpenSSH's PROTOCOL file.</summary>
internal enum SshMessage : byte
{
    None = 0,
    Disconnect = 1,
    Ignore = 2,
    Unimplemented = 3,
    Debug = 4,
    ServiceRequest = 5,
    ServiceAccept = 6,
    ExtInfo = 7,
    KexInit = 20,
    NewKeys = 21,

    /// <summary>KEXDH_INIT, KEX_ECDH_INIT; 30 is also the old group exchange request.</summary>
    KexFirst = 30,
    KexReply = 31,
    GexInit = 32,
    GexReply = 33,
    GexRequest = 34,
    UserAuthRequest = 50,
    UserAuthFailure = 51,
    UserAuthSuccess = 52,
    UserAuthBanner = 53,

    /// <summary>USERAUTH_PK_OK and USERAUTH_INFO_REQUEST.</summary>
    UserAuthMethod = 60,
    UserAuthInfoResponse = 61,
    GlobalRequest = 80,
    RequestSuccess = 81,
    RequestFailure = 82,
    ChannelOpen = 90,
    ChannelOpenConfirmation = 91,
    ChannelOpenFailure = 92,
    ChannelWindowAdjust = 93,
    ChannelData = 94,
    ChannelExtendedData = 95,
    ChannelEof = 96,
    ChannelClose = 97,
    ChannelRequest = 98,
    ChannelSuccess = 99,
    ChannelFailure = 100,
    Ping = 192,
    Pong = 193,
}
