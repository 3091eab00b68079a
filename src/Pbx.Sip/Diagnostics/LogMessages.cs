using Microsoft.Extensions.Logging;

namespace Pbx.Sip.Diagnostics;

/// <summary>
/// All log messages of the protocol stack. Their parameters are addresses, methods, status codes and names only: no message, no header
/// and no body is ever logged, so that no secret can be.
/// </summary>
internal static partial class LogMessages
{
    [LoggerMessage(100, LogLevel.Information, "Listening for SIP on {Transport} {Address}.")]
    public static partial void Listening(this ILogger logger, string transport, string address);

    [LoggerMessage(101, LogLevel.Warning, "SIP listener {Transport} {Address}: an operation failed and is tried again.")]
    public static partial void ListenerTroubled(this ILogger logger, Exception exception, string transport, string address);

    [LoggerMessage(102, LogLevel.Debug, "Connection {Flow} closed: {Reason}.")]
    public static partial void ConnectionClosed(this ILogger logger, string flow, string reason);

    [LoggerMessage(103, LogLevel.Warning, "Connection from {Address} refused: {Reason}.")]
    public static partial void ConnectionRefused(this ILogger logger, string address, string reason);

    [LoggerMessage(110, LogLevel.Error, "Unhandled exception in {Where}. The work it interrupted is given up; everything else goes on.")]
    public static partial void Unhandled(this ILogger logger, Exception exception, string where);

    [LoggerMessage(111, LogLevel.Debug, "A message from {Address} was rejected: {Rejection}.")]
    public static partial void Rejected(this ILogger logger, string address, string rejection);

    [LoggerMessage(112, LogLevel.Warning, "Overloaded: {Method} from {Address} answered with 503.")]
    public static partial void Shed(this ILogger logger, string method, string address);

    [LoggerMessage(120, LogLevel.Information, "Draining: no new calls; {Calls} calls may go on for {Seconds} s.")]
    public static partial void Draining(this ILogger logger, long calls, int seconds);

    [LoggerMessage(130, LogLevel.Information, "Trunk {Trunk} registered at {Registrar} for {Seconds} s.")]
    public static partial void TrunkRegistered(this ILogger logger, string trunk, string registrar, int seconds);

    [LoggerMessage(131, LogLevel.Warning, "Trunk {Trunk}: {Problem}. Tried again in {Seconds} s.")]
    public static partial void TrunkFailed(this ILogger logger, string trunk, string problem, int seconds);

    [LoggerMessage(132, LogLevel.Information, "Trunk {Trunk} is {State}.")]
    public static partial void TrunkState(this ILogger logger, string trunk, string state);

    [LoggerMessage(140, LogLevel.Error, "Call {Call}: {What} failed; the call goes on without.")]
    public static partial void CallTroubled(this ILogger logger, Exception exception, Guid call, string what);

    [LoggerMessage(143, LogLevel.Error, "Call {Call} was ended by a defect: {What}.")]
    public static partial void CallBroken(this ILogger logger, Exception exception, Guid call, string what);

    [LoggerMessage(141, LogLevel.Error, "Call {Call}: run again, its machine asked for something else at step {Step}.")]
    public static partial void ReplayDiffers(this ILogger logger, Guid call, int step);

    [LoggerMessage(142, LogLevel.Error, "The queue machine failed at an input; queues go on.")]
    public static partial void QueueTroubled(this ILogger logger, Exception exception);

    [LoggerMessage(147, LogLevel.Error, "The process that carries the sound of calls ended unexpectedly, and {Legs} legs lost their sound: their calls are ended. It is started again.")]
    public static partial void MediaLost(this ILogger logger, int legs);

    [LoggerMessage(150, LogLevel.Warning, "Sounds could not be made ready ahead; they are loaded when they are first played.")]
    public static partial void SoundsNotReady(this ILogger logger, Exception exception);

    [LoggerMessage(150, LogLevel.Warning, "Credentials of {User} from {Address} are wrong.")]
    public static partial void DeviceRefused(this ILogger logger, string user, string address);

    [LoggerMessage(152, LogLevel.Warning, "Device {Device} of extension {Extension} came in clear from {Address}: the extension is held to encryption, so set the device to TLS and SRTP.")]
    public static partial void DeviceInClear(this ILogger logger, string extension, string device, string address);

    [LoggerMessage(144, LogLevel.Warning, "A call from {Address} was refused: its extension or its address has, or begins, too many.")]
    public static partial void TooManyCalls(this ILogger logger, string address);

    [LoggerMessage(145, LogLevel.Warning, "Trunk {Trunk} has as many calls as it may: one more, from {Caller}, was told that it is busy.")]
    public static partial void TrunkFull(this ILogger logger, string trunk, string caller);

    [LoggerMessage(146, LogLevel.Warning, "Trunk {Trunk} is held to encryption: a call that came in clear, from {Address}, was refused.")]
    public static partial void TrunkInClear(this ILogger logger, string trunk, string address);

    [LoggerMessage(160, LogLevel.Warning, "{Address} is banned until {Until:u}: {Cause}.")]
    public static partial void Banned(this ILogger logger, string address, string cause, DateTimeOffset until);

    [LoggerMessage(161, LogLevel.Information, "{Address} is no longer banned: released by hand.")]
    public static partial void Released(this ILogger logger, string address);

    [LoggerMessage(162, LogLevel.Warning, "Account {Account} is guessed at by strangers, now from {Address}. It goes on from the addresses that it is known at.")]
    public static partial void AccountAttacked(this ILogger logger, string account, string address);

    [LoggerMessage(163, LogLevel.Warning, "Bans and known addresses cannot be read or written; they are in force, and are written when it is possible again.")]
    public static partial void DefenceFileTroubled(this ILogger logger, Exception exception);

    [LoggerMessage(151, LogLevel.Error, "Registrations cannot be written to disk; they work, and are written when it is possible again.")]
    public static partial void RegistrationsUnwritten(this ILogger logger, Exception exception);
}
