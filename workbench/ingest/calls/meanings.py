"""What each field of a call table is called where it is spoken of."""

MEANINGS: dict[str, str] = {
    "a": "the calling number", "b": "the called or other number", "target": "the number that the records are about",
    "forwarded": "the number that calls are forwarded to", "smsc": "the message centre", "start": "the start",
    "end": "the end", "date": "the date", "time": "the time of day", "end_date": "the date of the end",
    "end_time": "the time of the end", "duration": "the duration", "imei": "the handset (IMEI)", "imsi": "the SIM card (IMSI)",
    "first_cell": "the cell at the start", "last_cell": "the cell at the end", "cell_name": "the name or address of the cell",
    "lac": "the location area", "ci": "the cell number", "last_lac": "the location area at the end",
    "last_ci": "the cell number at the end", "mcc": "the country code", "mnc": "the network code",
    "point": "latitude and longitude", "lat": "the latitude", "lon": "the longitude", "azimuth": "the direction of the sector",
    "direction": "the direction", "connection": "the kind of record", "record": "the number of the record", "ip": "the IP address",
    "port": "the port", "bytes_up": "the bytes sent", "bytes_down": "the bytes received", "operator": "the operator",
    "roaming": "the visited network", "switch": "the exchange",
}  # fmt: skip
